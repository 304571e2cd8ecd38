# What the build scripts of this folder share; to be sourced by bash.

java_libraries=/usr/share/java

# is_current <result> <inputs…>: whether nothing in the inputs is newer, nor was removed since the result was made.
is_current() {
    local result=$1
    shift
    [ -e "$result" ] && [ -z "$(find "$@" -newer "$result" -print -quit)" ]
}

# lock <file>: until this script ends, for two builds may share a folder.
lock() {
    exec 9> "$1"
    flock 9
}

# compile <class path> <folder of classes> <folders of sources…>; generated code is full of redundant casts.
compile() {
    local classpath=$1 classes=$2
    shift 2
    find "$@" -name '*.java' -print0 | xargs -0 javac -J-XX:TieredStopAtLevel=1 --release 11 -encoding UTF-8 \
        -Xlint:all,-cast -Werror -proc:none -XDstringConcat=inline -g:source,lines -cp "$classpath" -d "$classes"
}

# rename_api <package prefix> <files or folders…>: the API, and what uses it, under Heron's other name.
rename_api() {
    local prefix=$1
    shift
    find "$@" -type f -exec sed -E -i "s/\borg\.apache\.heron\.(api|common)\b/$prefix.\1/g" {} +
}

# pack <jar> <folder> [options of jar]: the same bytes for the same classes, where the JDK can (from 17 on). The jar
# appears whole or not at all.
pack() {
    local jar=$1 folder=$2 date=()
    shift 2
    if jar --help | grep -q -- --date; then date=(--date=2020-01-01T00:00:00Z); fi
    (cd "$folder" && find . -type f | sort | sed 's|^\./||' > "$jar.contents" &&
        jar --create --file "$jar.part" "${date[@]}" "$@" "@$jar.contents")
    rm "$jar.contents"
    mv "$jar.part" "$jar"
}
