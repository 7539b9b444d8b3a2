# What bindings/c/package does in another way for microcontrollers and other foreign processors; part of it, not a
# program.

# The tools and flags for a target without an operating system: sets firmware, cross, assembler and linker.
select_firmware() {
    firmware=yes
    case $1 in
        thumbv6m-none-eabi) assembler=(-mcpu=cortex-m0plus) ;;
        thumbv7em-none-eabi) assembler=(-mcpu=cortex-m4) ;;
        thumbv7em-none-eabihf) assembler=(-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16) ;;
        riscv32imac-unknown-none-elf) assembler=(-march=rv32imac -mabi=ilp32) linker=(-melf32lriscv) ;;
        *) firmware= ;;
    esac
    case $1 in
        thumb*) cross=${CROSS_COMPILE:-arm-none-eabi-} ;;
        riscv32*) cross=${CROSS_COMPILE:-riscv64-unknown-elf-} ;;
        # Appliances with Linux.
        aarch64-unknown-linux-gnu) cross=${CROSS_COMPILE:-aarch64-linux-gnu-} ;;
        armv7-unknown-linux-gnueabihf) cross=${CROSS_COMPILE:-arm-linux-gnueabihf-} ;;
    esac
}

# Whether a compiler can build for the target: it has the core library for it, or the sources of that library.
can_build() {
    command -v "$1" > /dev/null && [ -d "$("$1" --print target-libdir --target "$target")" ] || has_sources "$1"
}

has_sources() {
    command -v "$1" > /dev/null && [ -d "$("$1" --print sysroot)/lib/rustlib/src/rust/library/core" ]
}

# A compiler for the target: sets rustc.
find_compiler() {
    local candidate
    if [ -z "${RUSTC:-}" ]; then
        # Debian's rust-web-src is next to Debian's compiler, whatever other compiler comes first in the path.
        for candidate in rustc /usr/bin/rustc; do
            if can_build "$candidate"; then
                rustc=$candidate
                break
            fi
        done
    fi
    if ! can_build "$rustc"; then
        echo "package: $rustc has no core library for $target: rustup target add $target, or rustup component add" \
            "rust-src, or on Debian apt-get install rustc-web rust-web-src" >&2
        exit 1
    fi
    # Lints are for those who change the library, with the compiler of its tests.
    export RUSTC=$rustc RUSTFLAGS="${RUSTFLAGS:-} -Awarnings"
}

# For an appliance: the core library as it comes with the compiler, or else from its sources. Sets build_core too.
select_foreign_compiler() {
    find_compiler
    build_core=()
    # Nobody asks the system for instructions that a processor may have: the library needs four functions and no more.
    export RUSTFLAGS="$RUSTFLAGS --cfg sha2_backend=\"soft\""
    if [ ! -d "$("$rustc" --print target-libdir --target "$target")" ]; then
        export RUSTC_BOOTSTRAP=1
        build_core=(-Zbuild-std=core)
    fi
}

# For a microcontroller: with its sources the core library is built like everything else, for size and without the
# parts that nothing calls. Sets build_target, which cargo takes for the target.
select_compiler() {
    find_compiler
    build_core=()
    build_target=$target
    export RUSTFLAGS="$RUSTFLAGS --cfg sha2_backend_soft=\"compact\""
    if [[ $target == riscv32* ]]; then
        # LLVM 22 would begin a long multiplication with all of its products, and keep sixty of their words on the stack:
        # a fifth more instructions for a signature. Calls are short only if the linker may shorten them.
        RUSTFLAGS="$RUSTFLAGS -Cllvm-args=-enable-misched=false -Ctarget-feature=+relax"
    fi
    if [[ $target == thumbv7* ]]; then
        # Addresses in the constants between functions, where several instructions share them, and not in the instructions.
        RUSTFLAGS="$RUSTFLAGS -Ctarget-feature=+no-movt"
    fi
    if has_sources "$rustc"; then
        # Core's own copies of what this library uses would stand outside of the optimization of the whole.
        export RUSTC_BOOTSTRAP=1 RUSTFLAGS="$RUSTFLAGS -Zshare-generics=no -Zlocation-detail=none"
        build_core=(-Zbuild-std=core)
        drop_frame_pointers
    fi
}

# On Arm the compiler keeps a register as a frame pointer, for debuggers that walk the stack, unless the target's
# description says otherwise: 4 % of the code.
drop_frame_pointers() {
    local folder=${CARGO_TARGET_DIR:-target}/descriptions
    if [[ $target == thumb* ]]; then
        mkdir -p "$folder"
        build_target=$(cd "$folder" && pwd)/$target.json
        "$rustc" -Zunstable-options --print target-spec-json --target "$target" |
            sed '/"is-builtin"/d; s/"frame-pointer": "always"/"frame-pointer": "may-omit"/' > "$build_target.new"
        cmp -s "$build_target.new" "$build_target" || cp "$build_target.new" "$build_target"
        # Before 1.95 cargo took descriptions without being asked to.
        if "${CARGO:-cargo}" -Zhelp | grep -q json-target-spec; then
            build_core+=(-Zjson-target-spec)
        fi
    fi
}

# take_apart ARCHIVE FOLDER: the objects of an archive as cargo leaves it. The compiler's own library brings memory
# functions, which have to give way to the firmware's. Sets objects.
take_apart() {
    local object name size
    mkdir "$2"
    "${cross}ar" x --output "$2" "$1"
    for name in memcpy memmove memset memcmp bcmp strlen __aeabi_mem{cpy,move,set,clr}{,4,8}; do
        echo "$name unused_$name"
    done > "$2/memory"
    for object in "$2"/*.o; do
        case $object in
            */compiler_builtins-*)
                "${cross}objcopy" -R .llvmbc -R .llvmcmd --redefine-syms="$2/memory" "$object" ;;
            *)
                # On ARM the compiler has more names for them; objcopy takes one at a time for a function.
                for size in '' 4 8; do
                    "${cross}objcopy" --redefine-sym "__aeabi_memcpy$size=memcpy" \
                        --redefine-sym "__aeabi_memmove$size=memmove" "$object"
                done ;;
        esac
    done
    objects=("$2"/*.o)
    if [[ $target == thumb* ]]; then
        "${cross}as" "${assembler[@]}" -o "$2/aeabi.o" bindings/c/firmware/aeabi.s
        objects+=("$2/aeabi.o")
    fi
}
