//! Does one piece of work, counts its instructions and its stack, and says whether its answers were right.
#![no_std]
#![no_main]

#[cfg_attr(target_arch = "arm", path = "arm.rs")]
#[cfg_attr(target_arch = "riscv32", path = "riscv.rs")]
mod board;
mod work;

use core::hint::black_box;

/// Bytes of stack that are painted and looked at.
const PAINTED: usize = 32 * 1024;

/// What unused stack holds.
const PAINT: u32 = 0xA5C3_3C5A;

#[unsafe(no_mangle)]
extern "C" fn firmware() -> ! {
    let mut bench = work::Bench::new();
    let empty = count(|| ());
    let (granted, instructions) = counted(|| bench.good());
    let stack = stack_of(|| {
        black_box(bench.good());
    });
    let frame = stack_of(|| ());
    let refused = !bench.forged();
    report("right", u32::from(granted && refused));
    report("instructions", instructions.saturating_sub(empty));
    report("stack", stack.saturating_sub(frame));
    board::exit()
}

/// A result, and the instructions it took.
#[inline(never)]
fn counted<T>(work: impl FnOnce() -> T) -> (T, u32) {
    let begin = board::instructions();
    let result = work();
    (result, board::instructions().wrapping_sub(begin))
}

#[inline(never)]
fn count(work: impl FnOnce()) -> u32 {
    counted(work).1
}

/// The bytes of stack that `work` uses below this frame.
#[inline(never)]
fn stack_of(work: impl FnOnce()) -> u32 {
    let top = board::stack_pointer() & !3;
    // What this function itself may still push is left alone.
    let (begin, end) = (top - PAINTED, top - 128);
    let words = || (begin..end).step_by(4).map(|address| address as *mut u32);
    // SAFETY: the linker script gives the stack more than PAINTED bytes, and nothing this far below the stack
    // pointer is in use.
    words().for_each(|word| unsafe { word.write_volatile(PAINT) });
    work();
    // SAFETY: as above.
    let untouched = words().take_while(|word| unsafe { word.read_volatile() } == PAINT).count();
    (PAINTED - 4 * untouched) as u32
}

/// Prints `NAME VALUE`.
fn report(name: &str, value: u32) {
    let mut digits = [b'0'; 10];
    let mut rest = value;
    let mut first = digits.len() - 1;
    for (index, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        if *digit != b'0' {
            first = index.min(first);
        }
    }
    for byte in name.bytes().chain([b' ']).chain(digits[first..].iter().copied()).chain([b'\n']) {
        board::put(byte);
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    report("panic", 1);
    board::exit()
}
