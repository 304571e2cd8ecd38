#!/usr/bin/env bash
# Runs Debian's ZooKeeper for development and tests: on loopback, with a configuration, data and a log of its own.
#   scripts/zookeeper.sh [--port N] [--folder DIR] [--temporary-for PID] [--member N --peers QUORUM:ELECTION,...]
#     --port             2181 if not given; 0 takes a free one
#     --folder           .build/zookeeper if not given
#     --temporary-for    end with the process PID, then remove the folder; do not sync to the disk
#     --member, --peers  be number N of an ensemble; the loopback ports of every member, in the order of their numbers
# Prints one line when the server answers, and runs until SIGINT or SIGTERM.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
jars=/usr/share/java

fail() {
    echo "zookeeper: $*" >&2
    exit 1
}

listens() { # port
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Below the ports that the system gives to outgoing connections: a client that tries again and again to reach a server
# that is down could be given the server's port, and would talk to itself.
free_port() {
    local candidate
    until candidate=$((10000 + SRANDOM % 20000)) && ! listens "$candidate"; do :; done
    echo "$candidate"
}

# Asks for the data folder, because another server may have taken the port since it was looked at.
answers() {
    { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return
    printf conf >&3
    [[ $(timeout 2 cat <&3) == *"dataDir=$folder/data/"* ]]
}

write_configuration() {
    # The shortest session is two ticks.
    cat >zookeeper.cfg <<CFG
tickTime=500
initLimit=20
syncLimit=10
minSessionTimeout=1000
maxSessionTimeout=120000
maxClientCnxns=0
clientPortAddress=127.0.0.1
clientPort=$port
dataDir=$folder/data
autopurge.purgeInterval=1
admin.enableServer=false
4lw.commands.whitelist=*
CFG
    if [[ -n $member ]]; then
        echo "$member" >data/myid
        local number=0 ports
        for ports in ${peers//,/ }; do
            echo "server.$((++number))=127.0.0.1:$ports"
        done >>zookeeper.cfg
    fi
}

start() {
    write_configuration
    # It must not outlive this script, however that ends.
    setpriv --pdeathsig KILL java \
        -Xms16m -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError \
        -Djava.io.tmpdir="$folder/data" -Dzookeeper.forceSync="$sync" -Dzookeeper.jmx.log4j.disable=true \
        -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.dateTimeFormat='yyyy-MM-dd HH:mm:ss.SSS' \
        -classpath "$jars/zookeeper.jar:$jars/slf4j-simple.jar" \
        org.apache.zookeeper.server.quorum.QuorumPeerMain "$folder/zookeeper.cfg" </dev/null >zookeeper.log 2>&1 &
    server=$!
}

runs() { # process
    kill -0 "$1" 2>/dev/null
}

# Fails if the server ends before it answers.
wait_until_ready() {
    until (answers); do
        runs "$server" || return 1
        [[ -z $owner ]] || runs "$owner" || exit 0
        sleep 0.05
    done
}

finish() {
    trap '' INT TERM
    if [[ -n $server ]] && runs "$server"; then
        kill -TERM "$server"
        kill -CONT "$server" # it may have been stopped by a test
        wait "$server" || true
    fi
    [[ -z $watcher ]] || kill "$watcher" 2>/dev/null || true
    if [[ -n $owner ]] && ! runs "$owner"; then
        rm -rf data zookeeper.cfg zookeeper.log lock
        cd /
        rmdir "$folder" 2>/dev/null || true
    fi
}

port=2181 folder=$repository/.build/zookeeper owner='' member='' peers=''
while (($#)); do
    (($# >= 2)) || fail "$1 needs a value"
    case $1 in
    --port) port=$2 ;;
    --folder) folder=$2 ;;
    --temporary-for) owner=$2 ;;
    --member) member=$2 ;;
    --peers) peers=$2 ;;
    *) fail "there is no option $1; the options are --port, --folder, --temporary-for, --member and --peers" ;;
    esac
    shift 2
done
[[ $port =~ ^(0|[1-9][0-9]{0,4})$ ]] && ((port <= 65535)) || fail "--port $port: not a number from 0 to 65535"
[[ -n $member && -n $peers || -z $member$peers ]] || fail "--member and --peers go together"
command -v java >/dev/null || fail "there is no java on the PATH; 'make setup' installs it"
[[ -r $jars/zookeeper.jar ]] || fail "ZooKeeper is not installed; 'make setup' installs it"

mkdir -p "$folder/data"
cd "$folder"
folder=$PWD
# The server has the lock too, so that it is free when no process uses the data any more.
exec 9>lock
flock --timeout 2 9 || fail "a server runs already on the data in $folder"

sync=yes server='' watcher=''
trap finish EXIT
trap 'exit 0' INT TERM
if [[ -n $owner ]]; then
    sync=no
    # Not to this script's output: tail ends when nobody reads that any more.
    setpriv --pdeathsig KILL tail --pid="$owner" --sleep-interval=0.2 --follow /dev/null >/dev/null 9>&- &
    watcher=$!
fi

any_port=$((port == 0))
((!any_port)) || port=$(free_port)
! listens "$port" || fail "port $port is taken; stop what listens there, or choose another: make zookeeper PORT=N"
start
until wait_until_ready; do
    if ((any_port)) && grep -q BindException zookeeper.log; then
        port=$(free_port)
        start
    else
        fail "the server does not start; see $folder/zookeeper.log"
    fi
done
echo "zookeeper: ready at 127.0.0.1:$port, data in $folder, process $server"

status=0
# Quietly: the shell's own word on a killed process is its whole command line.
{ wait -n "$server" $watcher || status=$?; } 2>/dev/null
runs "$server" || fail "the server has ended with status $status; see $folder/zookeeper.log"
