//! The emulated Cortex-M boards (mps2): vectors, semihosting, and the system timer as a counter of instructions.

use core::arch::{asm, global_asm};

// The stack's top and the entry; the floating-point unit, where there is one, is switched on, as the hard-float
// targets may use its registers.
global_asm!(
    ".section .vectors, \"a\"",
    ".word __stack_top",
    ".word start + 1",
    ".section .text.start, \"ax\"",
    ".thumb_func",
    ".global start",
    "start:",
    "ldr r0, =0xE000ED88",
    "ldr r1, =0x00F00000",
    "str r1, [r0]",
    "bl firmware",
    ".pool",
);

const CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
const RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
const CURRENT: *mut u32 = 0xE000_E018 as *mut u32;

/// The emulator, told to take a nanosecond for each instruction, runs this timer at 25 MHz.
const INSTRUCTIONS_PER_TICK: u32 = 40;

/// Instructions since some moment, to within 40.
pub(crate) fn instructions() -> u32 {
    // SAFETY: registers of the system timer, which nothing else uses.
    unsafe {
        if CONTROL.read_volatile() & 1 == 0 {
            RELOAD.write_volatile(0x00FF_FFFF);
            CONTROL.write_volatile(0b101);
            while CURRENT.read_volatile() == 0 {}
        }
        (0x00FF_FFFF - CURRENT.read_volatile()) * INSTRUCTIONS_PER_TICK
    }
}

pub(crate) fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack)) };
    pointer
}

fn semihosting(operation: u32, argument: usize) {
    // SAFETY: the emulator reads at most what the argument points to.
    unsafe { asm!("bkpt 0xAB", inout("r0") operation => _, in("r1") argument, options(nostack)) };
}

pub(crate) fn put(byte: u8) {
    semihosting(3, (&raw const byte).addr());
}

pub(crate) fn exit() -> ! {
    semihosting(0x18, 0x20026);
    loop {}
}
