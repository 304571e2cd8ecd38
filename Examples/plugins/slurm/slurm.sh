# ---- From here on the same for every topology ----
#
# Started by sbatch, without arguments, this script keeps every container running as a step of the job. As a step, with
# an index in `containers` and the number of the attempt, it runs that container's executor.

# Writes down what became of a container, for the plugin: container, attempt, state, more lines of name=value.
tell() {
    local file=slurm-container-$1.state
    printf '%s\n' "job=$SLURM_JOB_ID" "attempt=$2" "state=$3" "${@:4}" >"$file.new" && mv "$file.new" "$file"
}

# Has a step run a container, again and again. Pauses grow from a second to a minute; a run of a minute makes earlier
# failures forgotten, and so does a mark of the plugin, which also ends a pause.
keep_running() {
    local index=$1 container=${containers[$1]} attempt pause=1 started code waited
    local mark=.slurm-restart-$container
    # A job that was put into the queue again goes on counting.
    attempt=$(sed -n 's/^attempt=//p' "slurm-container-$container.state" 2>/dev/null)
    while :; do
        rm -f "$mark"
        attempt=$((${attempt:-0} + 1))
        tell "$container" "$attempt" starting
        started=$SECONDS
        srun --job-name="heron-$container" --nodes=1 --ntasks=1 --exact "${step_options[@]}" --mpi=none --input=none \
            --output="heron-executor-$container.stderr" --open-mode=append bash "./$script" "$index" "$attempt"
        code=$?
        ((SECONDS - started < 60)) || pause=1
        if [ ! -e "$mark" ]; then
            tell "$container" "$attempt" waiting "reason=exit code $code; started again after $pause s"
            for ((waited = 0; waited < pause; waited++)); do
                [ ! -e "$mark" ] || break
                sleep 1
            done
            pause=$((pause < 32 ? pause * 2 : 60))
        fi
        [ ! -e "$mark" ] || pause=1
    done
}

# Ends what an executor that was killed has left behind, which Slurm need not count to the step any more.
end_leftovers() {
    local files file try
    for ((try = 0; try < 50; try++)); do
        # Its exit code tells as well of processes that may not be read, or ended just now.
        files=$(grep -lsxzF "$variable" /proc/[0-9]*/environ)
        [ -n "$files" ] || return
        for file in $files; do
            file=${file#/proc/}
            kill -KILL "${file%/environ}" 2>/dev/null
        done
        sleep 0.1
    done
}

# Chooses free ports of this node, `ports`. Jobs begin at different places of the range, and at each place every
# container has ports of its own: those that start at the same time do not meet.
choose_ports() {
    local used=() address places place port i count=${#containers[@]}
    while read -r _ address _; do
        [[ $address =~ :([0-9A-F]{4})$ ]] && used[16#${BASH_REMATCH[1]}]=1
    done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
    places=$(((last_port - first_port + 1) / (port_count * count)))
    for ((place = 0; place < places; place++)); do
        port=$((first_port + port_count * (count * ((SLURM_JOB_ID + place) % places) + $1)))
        ports=()
        for ((i = 0; i < port_count; i++)); do
            [ -z "${used[port + i]:-}" ] || continue 2
            ports+=($((port + i)))
        done
        return 0
    done
    echo "no $port_count free ports in $first_port-$last_port on $HOSTNAME" >&2
    return 1
}

# Runs the executor of a container until it ends, or is told to.
run_container() {
    local container=${containers[$1]} executor code
    variable=HERON_SLURM_CONTAINER=$topology/$container
    end_leftovers
    choose_ports "$1" || exit
    # Sets `command`, with the ports.
    source "./slurm-container-$container.sh" || exit
    env "$variable" "${command[@]}" &
    executor=$!
    trap 'kill -TERM "$executor" 2>/dev/null' TERM INT
    tell "$container" "$2" running "node=${SLURMD_NODENAME:-$HOSTNAME}" "pid=$executor" "ports=${ports[*]}"
    wait "$executor"
    code=$?
    # A signal ends the waiting, not the executor.
    while kill -0 "$executor" 2>/dev/null; do
        wait "$executor"
        code=$?
    done
    end_leftovers
    exit "$code"
}

cd "$directory" || exit
if (($#)); then
    run_container "$@"
else
    for index in "${!containers[@]}"; do keep_running "$index" & done
    wait
fi
