#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The Faltung authors
#
# An array job on a Slurm of our own, one node on loopback: 2000 files in eight
# tasks, with slurmd killed in the middle, and a requeue. Nothing is lost, and
# nothing is done twice. Needs root, and slurmctld, slurmd, slurm-client, munge.

. "$(dirname "$0")/tap.sh"

n_files=2000
n_tasks=8
PATH=$PATH:/usr/sbin

for program in munged slurmctld slurmd sbatch; do
  if ! command -v $program >/dev/null; then
    skip 'an array job on Slurm' "there is no $program"
    plan
    exit
  fi
done
if [ "$(id -u)" != 0 ]; then
  skip 'an array job on Slurm' 'slurmd needs root'
  plan
  exit
fi

# Work: one recording under many names, so that all outputs are known
make_sound ir.wav float 16000 1 8000 decay 1
make_sound in.wav pcm16 16000 1 48000 noise 2
"$faltung" convolve -q --precision double in.wav ir.wav -o wanted.wav
seq -f $'in.wav\tir.wav\t%04g.wav' $n_files >list.tsv

# The cluster
chmod 755 "$folder"
mkdir -m 711 munge && mkdir state spool logs
head -c 128 /dev/urandom >munge/key
chmod 600 munge/key
port=$((20000 + RANDOM % 10000))
name=$(hostname -s)
cat >slurm.conf <<END
ClusterName=faltung
SlurmctldHost=$name(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldLogFile=$folder/logs/slurmctld
SlurmdLogFile=$folder/logs/slurmd
SlurmctldPidFile=$folder/state/slurmctld.pid
SlurmdPidFile=$folder/state/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MpiDefault=none
ReturnToService=2
SlurmdTimeout=6
SlurmdParameters=config_overrides
MessageTimeout=5
KillWait=1
JobRequeue=1
NodeName=$name NodeAddr=127.0.0.1 CPUs=4 RealMemory=100
PartitionName=all Nodes=$name Default=YES MaxTime=10 State=UP
END
export SLURM_CONF=$folder/slurm.conf
munged -F --key-file=munge/key --socket=munge/socket --pid-file="$folder/munge/pid" \
  --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" 2>logs/munged &
munged=$!

# The daemons stay in the foreground of the shell's jobs: their ids are known
start_slurmd()
{
  slurmd -D -N "$name" >>logs/slurmd.err 2>&1 &
  slurmd=$!
}

stop()
{
  scancel --user=root 2>/dev/null
  sleep 1
  kill "$slurmd" "$slurmctld" "$munged" 2>/dev/null
  wait "$slurmd" "$slurmctld" "$munged" 2>/dev/null
  finish
}
trap stop EXIT

# within SECONDS COMMAND...: wait until it is true
within()
{
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.05
  done
}

count_outputs()
{
  find out -name '*.wav' 2>/dev/null | wc -l
}

has_outputs()
{
  [ "$(count_outputs)" -ge "$1" ]
}

is_idle()
{
  [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]
}

is_over()
{
  [ -z "$(squeue -h 2>>logs/squeue)" ]
}

note()
{
  echo "# $((SECONDS)) s, $(count_outputs) outputs: $*"
}

within 10 test -S munge/socket
slurmctld -D >logs/slurmctld.err 2>&1 &
slurmctld=$!
start_slurmd
ok 'the cluster starts' within 30 is_idle

cat >job <<END
#!/bin/sh
#SBATCH --array=1-$n_tasks
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=$folder/logs/job-%a
cd "$folder" || exit 1
echo "task \$SLURM_ARRAY_TASK_ID, restart \${SLURM_RESTART_COUNT:-0}"
exec "$faltung" convolve --precision double --manifest list.tsv --ir ir.wav \
  -o out --resume --jobs 1 --json >>report-\$SLURM_ARRAY_TASK_ID.jsonl
END
run sbatch --parsable job
ok 'the job is taken' ended_with 0
within 30 has_outputs 200
running=$(squeue -h -t R -o %i | head -n 2)
note "slurmd is killed, tasks $(squeue -h -t R -o %i | tr '\n' ' ')are running"
kill -KILL $slurmd
wait $slurmd 2>/dev/null
n_killed=$(count_outputs)
ok 'that was in the middle' test "$n_killed" -gt 0 -a "$n_killed" -lt $n_files
for task in $running; do
  run scontrol requeue "$task"
  note "task $task is requeued (status $status)"
done
start_slurmd
note 'slurmd is started again'
# A task that runs then is requeued as well: it is killed where it is
within 30 has_outputs $((n_killed + 100))
task=$(squeue -h -t R -o %i | head -n 1)
run scontrol requeue "$task"
note "task $task is requeued while it runs (status $status)"
ok 'the job ends' within 75 is_over
note "the job is over: $(grep -h restart logs/job-* | tr '\n' ';')"
ok 'tasks were restarted' grep -q 'restart [1-9]' logs/job-*
ok 'nothing is lost' test "$(count_outputs)" = $n_files
ok 'each output is whole' eval 'for f in out/*.wav; do cmp $f wanted.wav || exit 1; done'
ok 'nothing failed' eval '! grep -h "\"failed\"" report-*.jsonl'
ok 'nothing was done twice' eval \
  '[ -z "$(grep -h "\"status\":\"done\"" report-*.jsonl | grep -o "\"output\":\"[^\"]*\"" | sort | uniq -d)" ]'
note "$(cat report-*.jsonl | grep -c '"status":"done"') done," \
  "$(cat report-*.jsonl | grep -c '"status":"skipped"') skipped"
plan
