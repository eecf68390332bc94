//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Each of these looks at 16 bytes at once, with instructions that every processor of this
// architecture has. AX is how far it has come, CX the last place at which a step may begin.

// BYTES is 16 bytes, twice those of the value. The linker aligns them by their size.
#define BYTES(name, value) \
	DATA name<>+0(SB)/8, $value  \
	DATA name<>+8(SB)/8, $value  \
	GLOBL name<>(SB), RODATA|NOPTR, $16

BYTES(firsts, 0x001f001f001f001f)
BYTES(seconds, 0x03e003e003e003e0)
BYTES(thirds, 0x7c007c007c007c00)
BYTES(letters, 0x8000800080008000)
BYTES(spaces, 0x2020202020202020)
BYTES(lastControls, 0x1f1f1f1f1f1f1f1f)
BYTES(twoes, 0xe2e2e2e2e2e2e2e2)
BYTES(efs, 0xefefefefefefefef)
BYTES(lastMarks, 0x2a2a2a2a2a2a2a2a)
BYTES(colons, 0x3a3a3a3a3a3a3a3a)
BYTES(cases, 0x6060606060606060)
BYTES(capitals, 0x4040404040404040)
BYTES(zeros, 0x3030303030303030)
BYTES(twos, 0x3232323232323232)
BYTES(fives, 0x0505050505050505)
BYTES(nines, 0x0909090909090909)
BYTES(evens, 0x0001000100010001)
BYTES(three, 0x0000000000000003)
BYTES(nine, 0x0000000000000009)
BYTES(gs, 0x6767676767676767)
BYTES(thirteens, 0x0d0d0d0d0d0d0d0d)
BYTES(hyphens, 0x2d2d2d2d2d2d2d2d)
BYTES(pairs, 0x0202020202020202)

// BELOW sets the bytes of Y to those of X that are at most limit, without sign.
#define BELOW(limit, X, Y) \
	MOVO X, Y              \
	PMINUB limit<>(SB), Y  \
	PCMPEQB X, Y

// CODE takes the next code from the word R.
#define CODE(R, code) \
	MOVWLZX R, code  \
	SHRQ $16, R

// MARK sets bit k of R8 if the k-th code is one of an anchor.
#define MARK(k) \
	MOVWLZX block-16+2*k(SP), R9  \
	MOVBLZX (DI)(R9*1), R9        \
	SHLL $k, R9                   \
	ORL R9, R8

// ANCHOR jumps if an anchor has the four bytes at address.
#define ANCHOR(address, to) \
	MOVL address, R10                \
	ORL $0x20202020, R10             \
	IMULL $const_golden, R10         \
	SHRL $(32-const_groupBits), R10  \
	CMPW (BX)(R10*2), $0             \
	JNE to

// func nextAnchor(p *prefilter, b []byte, i int) (at int, found bool)
TEXT ·nextAnchor(SB), NOSPLIT, $16-49
	MOVQ p+0(FP), DI
	LEAQ prefilter_group(DI), BX
	MOVQ b_base+8(FP), SI
	MOVQ b_len+16(FP), CX
	MOVQ i+32(FP), AX
	SUBQ $18, CX
	CMPQ AX, CX
	JGT  none

	PCALIGN $32

loop:
	// What fourCodes does.
	MOVOU (SI)(AX*1), X0
	MOVOU 2(SI)(AX*1), X1
	MOVO  X0, X2
	MOVO  X1, X3
	PAND  firsts<>(SB), X0
	PSRLW $3, X2
	PAND  seconds<>(SB), X2
	PSLLW $10, X1
	PAND  thirds<>(SB), X1
	PSLLW $9, X3
	PAND  letters<>(SB), X3
	POR   X2, X0
	POR   X3, X1
	POR   X1, X0

	// The eight codes, from two words.
	MOVO       X0, X1
	PUNPCKHQDQ X1, X1
	MOVQ       X0, R8
	MOVQ       X1, R9
	CODE(R8, R10)
	CODE(R9, R11)
	MOVBLZX    (DI)(R10*1), R12
	ORB        (DI)(R11*1), R12
	CODE(R8, R10)
	CODE(R9, R11)
	ORB        (DI)(R10*1), R12
	ORB        (DI)(R11*1), R12
	CODE(R8, R10)
	CODE(R9, R11)
	ORB        (DI)(R10*1), R12
	ORB        (DI)(R11*1), R12
	ORB        (DI)(R8*1), R12
	ORB        (DI)(R9*1), R12
	JNE        some

next:
	ADDQ $16, AX
	CMPQ AX, CX
	JLE  loop

none:
	MOVQ AX, at+40(FP)
	MOVB $0, found+48(FP)
	RET

some:
	MOVOU X0, block-16(SP)
	XORL  R8, R8
	MARK(0)
	MARK(1)
	MARK(2)
	MARK(3)
	MARK(4)
	MARK(5)
	MARK(6)
	MARK(7)

each:
	BSFL R8, R9
	LEAQ (AX)(R9*2), R9
	ANCHOR((SI)(R9*1), here)
	TESTQ R9, R9
	JEQ   other
	ANCHOR(-1(SI)(R9*1), here)

other:
	LEAL -1(R8), R10
	ANDL R10, R8
	JNE  each
	JMP  next

here:
	MOVQ R9, at+40(FP)
	MOVB $1, found+48(FP)
	RET

// func skipUsual(b []byte) int
TEXT ·skipUsual(SB), NOSPLIT, $0-32
	MOVQ b_base+0(FP), SI
	MOVQ b_len+8(FP), CX
	XORQ AX, AX
	SUBQ $16, CX
	JLT  done

	PCALIGN $32

loop:
	MOVOU    (SI)(AX*1), X0
	MOVO     spaces<>(SB), X1
	PCMPGTB  X0, X1
	PMOVMSKB X1, R8
	TESTL    R8, R8
	JNE      maybe

next:
	ADDQ $16, AX
	CMPQ AX, CX
	JLE  loop

	// What is left over, with some bytes before it.
	LEAQ 16(CX), R9
	SUBQ AX, R9
	JEQ  done
	MOVQ CX, AX
	JMP  loop

maybe:
	// The controls, and the first bytes of characters that may not be seen.
	BELOW(lastControls, X0, X1)
	MOVO     X0, X2
	POR      spaces<>(SB), X2
	PCMPEQB  twoes<>(SB), X2
	PCMPEQB  efs<>(SB), X0
	POR      X2, X1
	POR      X0, X1
	PMOVMSKB X1, R8
	TESTL    R8, R8
	JEQ      next
	BSFL     R8, R8
	ADDQ     R8, AX

done:
	MOVQ AX, ret+24(FP)
	RET

// func skipRandom(b []byte) int
TEXT ·skipRandom(SB), NOSPLIT, $0-32
	MOVQ b_base+0(FP), SI
	MOVQ b_len+8(FP), CX
	XORQ AX, AX
	SUBQ $(const_stride+const_wordLen), CX
	JLT  done
	PXOR X8, X8

	PCALIGN $32

loop:
	MOVQ   (SI)(AX*1), X0
	MOVHPS const_stride(SI)(AX*1), X0

	// How many of the even bytes of a half are digits from 2 to 7.
	MOVO   X0, X1
	PSUBB  twos<>(SB), X1
	BELOW(fives, X1, X2)
	PAND   evens<>(SB), X2
	PSADBW X8, X2

	// The digits of a half, and nine for each capital (and some marks).
	MOVO    X0, X1
	PSUBB   zeros<>(SB), X1
	BELOW(nines, X1, X3)
	MOVO    X0, X1
	PAND    cases<>(SB), X1
	PCMPEQB capitals<>(SB), X1
	PAND    nines<>(SB), X1
	PSUBB   X3, X1
	PSADBW  X8, X1

	// Four of those, or a capital with another one or a digit, or a byte beyond ASCII.
	PCMPGTW  three<>(SB), X2
	PCMPGTW  nine<>(SB), X1
	POR      X0, X2
	MOVO     X2, X3
	POR      X1, X3
	PMOVMSKB X3, R8
	TESTL    R8, R8
	JNE      maybe

next:
	ADDQ $(2*const_stride), AX
	CMPQ AX, CX
	JLE  loop

done:
	MOVQ AX, ret+24(FP)
	RET

maybe:
	// A capital does not count in a half with one of the bytes that end most words.
	BELOW(lastMarks, X0, X3)
	PCMPEQB  colons<>(SB), X0
	POR      X3, X0
	PSADBW   X8, X0
	PCMPEQW  X8, X0
	PAND     X0, X1
	POR      X2, X1
	PMOVMSKB X1, R8
	TESTL    R8, R8
	JEQ      next
	JMP      done

// func skipSpelled(b []byte) int
TEXT ·skipSpelled(SB), NOSPLIT, $0-32
	MOVQ b_base+0(FP), SI
	MOVQ b_len+8(FP), CX
	XORQ AX, AX
	SUBQ $(const_spellStride+const_spellLook), CX
	JLT  done

	PCALIGN $32

loop:
	MOVQ   (SI)(AX*1), X0
	MOVHPS const_spellStride(SI)(AX*1), X0

	// A letter from g to t, or one of -./, in each half.
	MOVO     X0, X1
	POR      spaces<>(SB), X1
	PSUBB    gs<>(SB), X1
	BELOW(thirteens, X1, X2)
	PSUBB    hyphens<>(SB), X0
	BELOW(pairs, X0, X1)
	POR      X1, X2
	PMOVMSKB X2, R8
	TESTB    R8, R8
	JEQ      done
	CMPL     R8, $0x100
	JLT      done
	ADDQ     $(2*const_spellStride), AX
	CMPQ     AX, CX
	JLE      loop

done:
	MOVQ AX, ret+24(FP)
	RET
