;; The sums of the content models over the runs of a window; run-window.ts says what a run is.
;; `npm run guard:wat` writes runs-module.ts from this file.
;;
;; Memory, in bytes (run-window.ts):
;;        0  weights of runs of four, 16 bits each     131072  of runs of eight, 8 bits each
;;   196608  a byte for each slot of a run: 255 when no run of the window had it yet
;;   200704  sums: injection, toxicity (32 bits each), number of runs
;;   200960  the window: eight spaces, its characters, eight spaces
(module
  (import "runs" "codeAt" (func $codeAt (param $offset i32) (result i32)))
  (memory (export "memory") 4 4)

  ;; Writes what JSON escapes mean over them, and returns the new end. Works in place: nothing grows.
  (func (export "unescape") (param $end i32) (result i32)
    (local $at i32)
    (local $written i32)
    (local $byte i32)
    (local $sixteen v128)
    (local.set $at (i32.const 8))
    (local.set $written (i32.const 8))
    (block $done
      (loop $next
        (local.set $sixteen (v128.load offset=200960 (local.get $at)))
        (if (i32.and
              (i32.le_u (i32.add (local.get $at) (i32.const 16)) (local.get $end))
              (i32.eqz (v128.any_true (i8x16.eq (local.get $sixteen) (i8x16.splat (i32.const 92))))))
          (then
            (v128.store offset=200960 (local.get $written) (local.get $sixteen))
            (local.set $written (i32.add (local.get $written) (i32.const 16)))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (br $next)))
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte (i32.load8_u offset=200960 (local.get $at)))
        (if (i32.eq (local.get $byte) (i32.const 92))
          (then
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (local.set $byte (i32.const 32))
            ;; \uXXXX
            (if (i32.eq (i32.load8_u offset=200960 (local.get $at)) (i32.const 117))
              (then
                (local.set $byte (call $codeAt (i32.sub (local.get $at) (i32.const 7))))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))))))
        (i32.store8 offset=200960 (local.get $written) (local.get $byte))
        (local.set $written (i32.add (local.get $written) (i32.const 1)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $written))

  ;; Letters without case, digits as one sign, and so on, up to $end.
  (func (export "fold") (param $end i32)
    (local $at i32)
    (local $raw v128)
    (local $folded v128)
    (local $others v128)
    (local $signs v128)
    (i64.store offset=200960 (local.get $end) (i64.const 0x2020202020202020))
    (loop $next
      (local.set $raw (v128.load offset=200960 (local.get $at)))
      (local.set $folded (v128.or (local.get $raw) (i32x4.splat (i32.const 0x20202020))))
      ;; A bit for each character that is no letter, and for each of those whose low half is beyond nine: no digit, and no space.
      (local.set $others
        (i32x4.shr_u
          (v128.andnot (i32x4.splat (i32.const 0x40404040)) (local.get $folded))
          (i32.const 2)))
      ;; Line ends are spaces, as their escapes are.
      (local.set $signs
        (v128.and
          (v128.and
            (i32x4.add
              (v128.and (local.get $folded) (i32x4.splat (i32.const 0x0f0f0f0f)))
              (i32x4.splat (i32.const 0x06060606)))
            (local.get $others))
          (i32x4.shr_u
            (v128.and
              (v128.or (local.get $raw) (i32x4.shr_u (local.get $raw) (i32.const 1)))
              (i32x4.splat (i32.const 0x20202020)))
            (i32.const 1))))
      (v128.store offset=200960 (local.get $at)
        (v128.or
          (v128.andnot
            (local.get $folded)
            (v128.or
              (i32x4.sub (local.get $others) (i32x4.shr_u (local.get $others) (i32.const 4)))
              (local.get $signs)))
          (i32x4.shr_u (local.get $signs) (i32.const 1))))
      (br_if $next
        (i32.lt_u
          (local.tee $at (i32.add (local.get $at) (i32.const 16)))
          (i32.add (local.get $end) (i32.const 8))))))

  ;; Adds up the weights of the $count runs of the window, each slot once; of the first $long of them also those of runs of eight.
  (func (export "sum") (param $count i32) (param $long i32)
    (local $at i32)
    (local $hash i32)
    (local $slot i32)
    (local $fresh i32)
    (local $weight i32)
    (local $both i32)
    (local $low i32)
    (local $eight i32)
    (local $runs i32)
    (loop $clear
      (v128.store offset=196608 (local.get $at) (v128.const i64x2 -1 -1))
      (v128.store offset=196624 (local.get $at) (v128.const i64x2 -1 -1))
      (br_if $clear (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (i32.const 4096))))
    (local.set $at (i32.const 0))
    (block $longDone
      (loop $run
        (br_if $longDone (i32.ge_s (local.get $at) (local.get $long)))
        (local.set $hash (i32.mul (i32.load offset=200967 (local.get $at)) (i32.const 0x9e3779b1)))
        (local.set $slot (i32.shr_u (local.get $hash) (i32.const 20)))
        (local.set $fresh (i32.load8_s offset=196608 (local.get $slot)))
        (i32.store8 offset=196608 (local.get $slot) (i32.const 0))
        (local.set $weight
          (i32.and
            (i32.load16_s (i32.shl (i32.shr_u (local.get $hash) (i32.const 16)) (i32.const 1)))
            (local.get $fresh)))
        (local.set $runs (i32.sub (local.get $runs) (local.get $fresh)))
        (local.set $both (i32.add (local.get $both) (local.get $weight)))
        (local.set $low (i32.add (local.get $low) (i32.extend8_s (local.get $weight))))
        (local.set $hash
          (i32.mul
            (i32.add
              (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 15)))
              (i32.load offset=200971 (local.get $at)))
            (i32.const 0xc2b2ae35)))
        (local.set $eight
          (i32.add
            (local.get $eight)
            (i32.and
              (i32.load8_s offset=131072 (i32.shr_u (local.get $hash) (i32.const 16)))
              (local.get $fresh))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $run)))
    (block $done
      (loop $run
        (br_if $done (i32.ge_s (local.get $at) (local.get $count)))
        (local.set $hash (i32.mul (i32.load offset=200967 (local.get $at)) (i32.const 0x9e3779b1)))
        (local.set $slot (i32.shr_u (local.get $hash) (i32.const 20)))
        (local.set $fresh (i32.load8_s offset=196608 (local.get $slot)))
        (i32.store8 offset=196608 (local.get $slot) (i32.const 0))
        (local.set $weight
          (i32.and
            (i32.load16_s (i32.shl (i32.shr_u (local.get $hash) (i32.const 16)) (i32.const 1)))
            (local.get $fresh)))
        (local.set $runs (i32.sub (local.get $runs) (local.get $fresh)))
        (local.set $both (i32.add (local.get $both) (local.get $weight)))
        (local.set $low (i32.add (local.get $low) (i32.extend8_s (local.get $weight))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $run)))
    (i32.store (i32.const 200704) (i32.add (local.get $low) (local.get $eight)))
    (i32.store (i32.const 200708)
      (i32.shr_s (i32.sub (local.get $both) (local.get $low)) (i32.const 8)))
    (i32.store (i32.const 200712) (local.get $runs)))
)
