@ The names under which the compiler asks for memory functions on ARM (RTABI, 4.3.4), where their arguments stand in
@ another order than those of C. The others are plain memcpy and memmove, and need no code.
    .syntax unified
    .thumb

@ void __aeabi_memset(void *to, size_t n, int value)
    .section .text.__aeabi_memset, "ax", %progbits
    .global __aeabi_memset, __aeabi_memset4, __aeabi_memset8
    .thumb_func
__aeabi_memset:
    .thumb_func
__aeabi_memset4:
    .thumb_func
__aeabi_memset8:
    push {r4, lr}
    mov r3, r1
    mov r1, r2
    mov r2, r3
    bl memset
    pop {r4, pc}

@ void __aeabi_memclr(void *to, size_t n)
    .section .text.__aeabi_memclr, "ax", %progbits
    .global __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8
    .thumb_func
__aeabi_memclr:
    .thumb_func
__aeabi_memclr4:
    .thumb_func
__aeabi_memclr8:
    push {r4, lr}
    mov r2, r1
    movs r1, #0
    bl memset
    pop {r4, pc}

    .section .note.GNU-stack, "", %progbits
