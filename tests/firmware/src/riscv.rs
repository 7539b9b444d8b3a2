//! The emulated RISC-V board (virt): entry, semihosting, and the processor's own counter of instructions.

use core::arch::{asm, global_asm};

global_asm!(".section .vectors, \"ax\"", ".global start", "start:", "la sp, __stack_top", "call firmware",);

/// Instructions since some moment.
pub(crate) fn instructions() -> u32 {
    let count;
    // SAFETY: reads a counter.
    unsafe { asm!("csrr {}, minstret", out(reg) count, options(nomem, nostack)) };
    count
}

pub(crate) fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: reads a register.
    unsafe { asm!("mv {}, sp", out(reg) pointer, options(nomem, nostack)) };
    pointer
}

fn semihosting(operation: u32, argument: usize) {
    // SAFETY: the emulator reads at most what the argument points to; the three instructions are its mark.
    unsafe {
        asm!(
            ".balign 16", ".option push", ".option norvc",
            "slli x0, x0, 0x1f", "ebreak", "srai x0, x0, 7", ".option pop",
            inout("a0") operation => _, in("a1") argument, options(nostack),
        );
    }
}

pub(crate) fn put(byte: u8) {
    semihosting(3, (&raw const byte).addr());
}

pub(crate) fn exit() -> ! {
    semihosting(0x18, 0x20026);
    loop {}
}
