#!/usr/bin/env bash
# Runs the job array for real on this machine, with Slurm as Debian packages it (apt-get install slurm-wlm), and holds
# its reports against those of one undivided run. As root, because Slurm's daemons are:
#
#     deploy/slurm/try-on-one-machine.sh target/debug/cscr CASES SHARDS
set -euo pipefail
cscr=$(realpath "${1:?the cscr binary}") cases=$(realpath "${2:?a folder of cases}") shards=${3:-7}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
cd "$work"

daemons=()
finish() {
  scancel --quiet --state=PENDING --state=RUNNING 2>/dev/null || true
  for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# Slurm's daemons know each other by a key. These are of this try alone, and so is the key.
mkdir -m 700 munge state spool
chown munge: munge
install -o munge -g munge -m 400 /dev/null munge/key
head -c 1024 /dev/urandom >munge/key
chmod 711 "$work"
runuser -u munge -- munged --foreground --force --socket="$work/munge/socket" --key-file="$work/munge/key" \
  --log-file="$work/munge/log" --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" &
daemons+=($!)
chmod 711 munge

cat >slurm.conf <<CONF
ClusterName=try
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SchedulerType=sched/backfill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
# Of the plugins of Debian 12's Slurm (22.05) the one that touches nothing until it is asked to.
echo "CgroupPlugin=cgroup/v1" >cgroup.conf
export SLURM_CONF=$work/slurm.conf CSCR=$cscr

for _ in $(seq 50); do [ -S munge/socket ] && break; sleep 0.1; done
slurmctld -D >slurmctld.log 2>&1 &
daemons+=($!)
slurmd -D >slurmd.log 2>&1 &
daemons+=($!)
is_idle() { sinfo --noheader --format=%t 2>/dev/null | grep -qx idle; }
for _ in $(seq 150); do is_idle && break; sleep 0.2; done
is_idle || { cat slurmctld.log slurmd.log; exit 1; }
sinfo

# Cases that are broken on purpose leave their shard with status 1, which is no fault of Slurm.
job=$(sbatch --parsable --array="1-$shards" --mem-per-cpu=0 "$here/batch.sbatch" "$cases" "$work/reports")
sbatch --wait --dependency="afterany:$job" --mem-per-cpu=0 "$here/merge.sbatch" "$work/reports" || true
cat cscr-*.log | grep -v '^built' || true

"$cscr" batch "$cases" --output whole --report whole.json --quiet >/dev/null || true
pdfs() { (cd "$1" && find . -name '*.pdf' -print0 | sort -z | xargs -0 sha256sum); }
diff <(pdfs reports) <(pdfs whole)
diff <(grep -v milliseconds reports/report.json) <(grep -v milliseconds whole.json)
echo "The $shards tasks of the job array made the same $(pdfs whole | wc -l) reports, and the same table, as one run."
