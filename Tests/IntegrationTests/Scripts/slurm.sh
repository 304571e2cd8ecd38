#!/usr/bin/env bash
# Runs Slurm on this machine alone, with a munge of its own, until SIGTERM; says `ready` when jobs can be submitted.
#   slurm.sh <folder>     an absolute path; slurm.conf is written there
# The daemons run as the current user, who needs no rights, on free ports of the loopback address; nothing of what an
# installed Slurm has is touched.
set -euo pipefail
folder=$1
user=$(id -un)
node=$(hostname -s)
mkdir -p "$folder"/{state,spool,log}
PATH=$PATH:/usr/sbin

read -r controller_port node_port < <(python3 -c '
import socket
sockets = [socket.socket() for _ in range(2)]
for each in sockets:
    each.bind(("127.0.0.1", 0))
print(*[each.getsockname()[1] for each in sockets])')

cat >"$folder/slurm.conf" <<CONF
ClusterName=heron
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SwitchType=switch/none
MpiDefault=none
MailProg=/bin/true
KillWait=5
MinJobAge=2
# More than the machine may have: what counts is that jobs find room.
SlurmdParameters=config_overrides
NodeName=$node NodeAddr=127.0.0.1 CPUs=64 SocketsPerBoard=1 CoresPerSocket=64 ThreadsPerCore=1 RealMemory=262144
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$folder/slurm.conf

head --bytes=128 /dev/urandom >"$folder/munge.key"
chmod 400 "$folder/munge.key"
munged --foreground --force --num-threads=2 --socket="$folder/munge.socket" --key-file="$folder/munge.key" \
    --pid-file="$folder/munge.pid" --log-file="$folder/log/munged.log" --seed-file="$folder/munge.seed" \
    >"$folder/log/munged.out" 2>&1 &
munge=$!
controller='' daemon=''
finish() {
    # A job that is still there ends with its cluster.
    timeout 5 scancel --me 2>/dev/null || true
    for ((i = 0; i < 100; i++)); do
        [ -n "$(timeout 5 squeue --noheader 2>/dev/null)" ] || break
        sleep 0.1
    done
    kill $daemon $controller 2>/dev/null || true
    wait $daemon $controller 2>/dev/null || true
    kill "$munge" 2>/dev/null || true
    wait
    # The keepers of steps outlive their daemon.
    local files file process
    mapfile -t files < <(grep -lsxzF "SLURM_CONF=$folder/slurm.conf" /proc/[0-9]*/environ)
    for file in "${files[@]}"; do
        process=${file#/proc/}
        process=${process%/environ}
        [ "$process" = $$ ] || kill -KILL "$process" 2>/dev/null || true
    done
}
trap finish EXIT
trap 'exit 0' INT TERM
until [ -S "$folder/munge.socket" ]; do
    kill -0 "$munge" 2>/dev/null || { cat "$folder/log/munged.out"; exit 1; }
    sleep 0.05
done
slurmctld -D -f "$SLURM_CONF" >"$folder/log/slurmctld.out" 2>&1 &
controller=$!
slurmd -D -f "$SLURM_CONF" -N "$node" >"$folder/log/slurmd.out" 2>&1 &
daemon=$!
until sinfo --noheader --format=%t 2>/dev/null | grep -q '^idle$'; do
    kill -0 "$controller" "$daemon" 2>/dev/null || { tail --lines=20 "$folder"/log/*; exit 1; }
    sleep 0.1
done
echo "controller $controller"
echo ready
wait
