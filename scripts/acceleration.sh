# For other scripts to source:
#
#   acceleration ARCH CLOCK [KVM] [CPUINFO]    QEMU's options for what executes the guest's instructions

# has_kvm KVM CPUINFO: whether KVM can be expected to work. In containers its device often is there and does not open; in
# some virtual machines it opens, a machine can even be created, and no guest ever starts, because the processor that
# is shown there has no virtualization.
has_kvm() {
  [[ -c $1 ]] && (exec 3<>"$1") 2>/dev/null || return
  [[ $(uname -m) != x86_64 ]] || grep --quiet --word-regexp --extended-regexp 'vmx|svm' "$2"
}

# KVM is many times faster than emulation, but it runs only the processor that is here and cannot count instructions.
# QEMU falls back to the second accelerator where the first one does not start.
acceleration() {
  local arch=$1 clock=$2 kvm=${3:-/dev/kvm} cpuinfo=${4:-/proc/cpuinfo} here
  case $(uname -m) in
    x86_64) here=x64 ;;
    aarch64) here=arm64 ;;
    *) here= ;;
  esac
  if [[ $clock == instructions ]]; then
    echo '-accel tcg,thread=single -icount shift=0,sleep=on'
  elif [[ $arch == "$here" ]] && has_kvm "$kvm" "$cpuinfo"; then
    echo '-accel kvm -accel tcg,thread=multi'
  else
    echo '-accel tcg,thread=multi'
  fi
}
