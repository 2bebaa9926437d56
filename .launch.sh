# shellcheck shell=sh disable=SC2154,SC3013
#
# What the launchers `sallyport` and `lab` share; POSIX sh, sourced with $home set.
#
# JAVA_HOME            is used if it is a JDK 21 or newer; otherwise one is looked for
# SALLYPORT_JAVA_OPTS  more flags for the JVM, split at spaces; what a lab starts gets them as well
# SALLYPORT_PLUGINS    the folder of plugin jars; `plugins` beside the launcher if unset

# The launcher's own name, whatever link it was called by.
me=${self:-$0}
me=${me##*/}
app_jar=$home/app/target/sallyport.jar
lab_jar=$home/test-harness/target/lab.jar
modules='domain adapters-dht adapters-net adapters-ws app'
# There while Maven runs, and after it was cut short: then what it wrote may be half a jar.
building=$home/target/.building
waited='' built=''

fail() {
  echo "$me: $*" >&2
  exit 7
}

# Sets feature (21, 25, ...; 0 if $1 is no JDK) and build_id from the file `release`: asking the
# JDK itself would take longer than the rest of the launcher.
examine_jdk() {
  feature=0 version='' build_id=''
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r key value; do
    value=${value#\"} value=${value%\"}
    case $key in
      JAVA_VERSION) version=${value%%[!0-9]*} ;;
      IMPLEMENTOR | JAVA_RUNTIME_VERSION) build_id="$build_id $value" ;;
    esac
  done <"$1/release"
  feature=${version:-0}
}

# Sets jdk, feature and build_id. What the user chose comes first, then the newest on the machine.
find_jdk() {
  jdk=${JAVA_HOME:-}
  examine_jdk "$jdk"
  [ "$feature" -ge 21 ] && return
  if jdk=$(command -v java); then
    jdk=$(readlink -f -- "$jdk")
    jdk=${jdk%/*/*}
    examine_jdk "$jdk"
    [ "$feature" -ge 21 ] && return
  fi
  best=0 best_jdk=''
  for jdk in /usr/lib/jvm/* /usr/local/*j[dr][ke]* /opt/* /opt/*/* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.gradle/jdks/* \
    "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    examine_jdk "$jdk"
    [ "$feature" -gt "$best" ] && best=$feature best_jdk=$jdk
  done
  [ "$best" -ge 21 ] || fail "no JDK 21 or newer found; install one" \
    "(for example: apt-get install openjdk-21-jdk-headless) or set JAVA_HOME to it"
  jdk=$best_jdk
  examine_jdk "$jdk"
}

# Whether jar $1 is missing, or older than something in the modules $2 (a folder is newer when a
# file in it came or went).
is_stale() {
  [ -e "$1" ] && ! [ -e "$building" ] || return 0
  inputs=pom.xml
  for module in $2; do inputs="$inputs $module/pom.xml $module/src/main"; done
  # Their names have no spaces; $1 may.
  # shellcheck disable=SC2086
  [ -n "$(cd "$home" && find $inputs -newer "$1" -print -quit 2>/dev/null)" ]
}

anything_stale() {
  is_stale "$app_jar" "$modules" ||
    { [ "$1" = test-harness ] && is_stale "$lab_jar" "$modules test-harness"; }
}

# One launcher works at a time; the others wait, and then find the work done. Maven inherits the
# lock, so it holds even if its launcher is killed.
lock() {
  mkdir -p "$home/target" 2>/dev/null
  [ -w "$home/target" ] || fail "cannot write to $home/target; run it once as a user who can"
  exec 9>"$home/target/.launch.lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    [ -n "$waited" ] || echo "$me: waiting for another launcher to end its build ..." >&2
    waited=yes
    flock 9
  fi
}

unlock() { exec 9>&-; }

# Makes the runnable jars of module $1 (app, or test-harness: that one needs both) if one is stale.
build() {
  anything_stale "$1" || return 0
  lock
  anything_stale "$1" && run_maven "$1"
  unlock
}

run_maven() {
  command -v mvn >/dev/null || fail "it has to be built first, and Maven is missing;" \
    "install it (for example: apt-get install maven)"
  if [ -e "$app_jar" ]; then why='some sources are new'; else why='first run takes a minute'; fi
  echo "$me: building ($why) ..." >&2
  # Removed, not overwritten: a JVM that runs from the old jar goes on reading it.
  rm -f "$app_jar" "$lab_jar"
  [ -e "$building" ] && rm -f "$home"/*/target/*.jar
  : >"$building"
  log=$home/target/build.log
  maven_opts=${MAVEN_OPTS:-}
  [ "$feature" -ge 23 ] && maven_opts="--sun-misc-unsafe-memory-access=allow $maven_opts"
  (cd "$home" && JAVA_HOME=$jdk MAVEN_OPTS=$maven_opts mvn -B -ntp -pl "$1" -am package \
    -Dmaven.test.skip=true -Dspotless.check.skip=true -Dstyle.color=never \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn) </dev/null >"$log" 2>&1 || {
    cat "$log" >&2
    fail "the build failed; its log stands above, and in $log"
  }
  built=yes
  # A source saved while Maven ran is newer than the jars then, and is built next time.
  touch -c -r "$building" "$app_jar" "$lab_jar"
  rm -f "$building"
}

# Sets flags: those every run needs, on this JDK.
#   -Xlog:disable                   an archive that does not fit is no news to a user
#   guice..., unsafe-memory-access  libraries still touch sun.misc.Unsafe, and new JDKs warn of it
set_flags() {
  flags="-Xlog:disable -XX:-UsePerfData -Xms32m -Xmx512m -Dguice_bytecode_gen_option=DISABLED"
  flags="$flags --enable-native-access=ALL-UNNAMED"
  [ "$feature" -ge 23 ] && flags="$flags --sun-misc-unsafe-memory-access=allow"
  return 0
}

# Sets flags and archive for runs of jar $1 with main class $2. The archive (class-data sharing)
# holds the classes as this JDK wants them in memory; with it a start costs half the processor time.
# There is one for each build and JDK. If it is missing and a training command follows, it is made.
warm_up() {
  set_flags
  archive="${1%.jar} on$build_id.jsa"
  [ "$archive" -nt "$1" ] || [ $# = 2 ] || make_archive "$@"
  # An empty one stands for a JDK that could not make it.
  [ "$archive" -nt "$1" ] && [ -s "$archive" ] || archive=''
}

# Two steps: run the training command, which may start more of our processes, and note the classes
# they load; then have the JVM lay them out. The list outlives a build: most of it stays true.
make_archive() {
  jar=$1 main=$2
  shift 2
  [ -w "${jar%/*}" ] || return 0
  lock
  classes=${archive%.jsa}.classes
  if ! [ "$archive" -nt "$jar" ]; then
    [ -s "$classes" ] || note_classes "$@"
    linked=''
    [ "$feature" -ge 24 ] && linked=-XX:+AOTClassLinking
    # Only G1 can write heap objects into an archive; the other collectors can read them.
    # shellcheck disable=SC2086
    "$jdk/bin/java" $flags -XX:+UseG1GC $linked -Xshare:dump "-XX:SharedClassListFile=$classes" \
      "-XX:SharedArchiveFile=$archive.new" -cp "$jar" </dev/null >/dev/null 2>&1
    [ -s "$archive.new" ] || : >"$archive.new"
    mv -f "$archive.new" "$archive"
  fi
  unlock
}

note_classes() {
  [ -n "$built" ] || echo "$me: learning to start fast on this JDK (once, some seconds) ..." >&2
  notes=${jar%/*}/.notes
  rm -rf "$notes"
  mkdir "$notes"
  # shellcheck disable=SC2086
  timeout --foreground 60 "$jdk/bin/java" $flags -XX:+UseSerialGC "-XX:DumpLoadedClassList=$notes/%p" -cp "$jar" \
    "$main" "$@" </dev/null >/dev/null 2>&1
  # The numbers are those of one process, and lines with a source need them. Constants (@cp) are
  # named by their place in a class, and the places in ours change with the next build.
  cat "$notes"/* | grep -v -e '^#' -e ' source: ' -e '^@cp dev/sallyport/' |
    sed 's/ id: [0-9]*$//' | awk '!seen[$0]++' >"$classes"
  rm -rf "$notes"
}

# Runs main class $2 of jar $1 in place of this shell, with the other arguments.
become_java() {
  class_path=$1
  shift
  plugins=${SALLYPORT_PLUGINS:-$home/plugins}
  [ -d "$plugins" ] && class_path="$class_path:$plugins/*"
  set -- "-Dsallyport.home=$home" -cp "$class_path" "$@"
  [ -n "$archive" ] && set -- "-XX:SharedArchiveFile=$archive" "$@"
  # In the C locale Java would read and write anything but ASCII as question marks.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX) export LC_ALL=C.UTF-8 ;;
  esac
  # shellcheck disable=SC2086
  exec "$jdk/bin/java" $flags -XX:+UseSerialGC ${SALLYPORT_JAVA_OPTS:-} "$@"
}
