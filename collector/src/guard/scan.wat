;; The one pass over a text that finds where detectors begin to look; candidate-scan.ts says what is looked for.
;; `npm run guard:wat` writes scan-module.ts from this file.
;;
;; Sixty-four characters become one mask of bits for each class of characters; then only the bits that are set are visited: where
;; words and runs of digits begin, where runs of digits end, and signs. Places are offsets in the text: $base is the place
;; of the first byte of the block area.
;;
;; Memory, in bytes (text-scan.ts):
;;       0  bits of `threes`        8192  bits of `neighbours`    16384  bits of `slots` of words
;;   24576  bits of `fours`        32768  bits of `seconds`
;;   40960  `signs` by ASCII code  41088  what makes up signs: for each low half of a code the high halves, one bit each
;;   41408  64 characters that were before, 16384 characters, 64 that come behind; one byte each
;;   57984  the same as UTF-16, as the text is copied here
(module
  (import "scan" "found" (func $found (param $kind i32) (param $at i32) (param $end i32) (result i32)))
  (memory (export "memory") 2 2)

  ;; What a later chunk of the same text needs to know of an earlier one.
  (global $base (mut i32) (i32.const 0))
  (global $wasUpper (mut i64) (i64.const 0))
  (global $wasLetter (mut i64) (i64.const 0))
  (global $wasDigit (mut i64) (i64.const 0))
  (global $escaped (mut i64) (i64.const 0))
  ;; The number, the dotted number and the groups between colons that the pass is in.
  (global $lastWord (mut i32) (i32.const 0))
  (global $digits (mut i32) (i32.const 0))
  (global $numberStart (mut i32) (i32.const 0))
  (global $runStart (mut i32) (i32.const 0))
  (global $behindCapital (mut i32) (i32.const 0))
  (global $lastDigit (mut i32) (i32.const 0))
  (global $dots (mut i32) (i32.const 0))
  (global $dottedStart (mut i32) (i32.const 0))
  (global $lastDot (mut i32) (i32.const 0))
  (global $colons (mut i32) (i32.const 0))
  (global $lastColon (mut i32) (i32.const 0))
  (global $hadEscape (mut i32) (i32.const 0))

  ;; Whether both bits of a key are set, one in the table at $table and one in that of second bits: `leadSlots` of keyword-leads.ts.
  (func $holds (param $table i32) (param $key i32) (result i32)
    (local $spread i32)
    (local.set $spread (i32.mul (local.get $key) (i32.const 0x9e3779b1)))
    (if (i32.eqz (call $bit (local.get $table) (i32.shr_u (local.get $spread) (i32.const 16))))
      (then (return (i32.const 0))))
    (call $bit
      (i32.const 32768)
      (i32.shr_u
        (i32.mul
          (i32.xor (local.get $spread) (i32.shr_u (local.get $spread) (i32.const 15)))
          (i32.const 0x9e3779b1))
        (i32.const 16))))

  (func $bit (param $table i32) (param $slot i32) (result i32)
    (i32.and
      (i32.shr_u
        (i32.load8_u (i32.add (local.get $table) (i32.shr_u (local.get $slot) (i32.const 3))))
        (i32.and (local.get $slot) (i32.const 7)))
      (i32.const 1)))

  ;; Whether a keyword may begin with the three bytes at an address, or a longer one with the four.
  (func $mayStart (param $address i32) (result i32)
    (local $three i32)
    (local $four i32)
    (local.set $four (i32.and (i32.load (local.get $address)) (i32.const 0x7f7f7f7f)))
    (local.set $three (i32.and (local.get $four) (i32.const 0x7f7f7f)))
    (i32.or
      (call $holds (i32.const 0) (local.get $three))
      (call $holds (i32.const 24576) (local.get $four))))

  ;; Whether a keyword with this sign in it may have these neighbours: the sign is the second of three bytes, a digit the third.
  (func $mayHold (param $address i32) (result i32)
    (call $holds (i32.const 8192) (i32.and (i32.load (local.get $address)) (i32.const 0x7f7f7f))))

  ;; A word of which one of the tables holds a bit stands at an address; $slot is `wordSlot` of word-table.ts, shifted.
  (func $word (param $address i32) (param $length i32) (param $slot i32) (result i32)
    (local $at i32)
    (local.set $at (i32.add (global.get $base) (local.get $address)))
    (if (call $mayStart (local.get $address))
      (then (if (call $found (i32.const 0) (local.get $at) (i32.const 0)) (then (return (i32.const 1))))))
    ;; Where so long a word ends, who asks must see.
    (if (i32.ge_u (local.get $length) (i32.const 64))
      (then (return (call $found (i32.const 2) (local.get $at) (i32.const -1)))))
    (if (i32.eqz (call $bit (i32.const 16384) (i32.shr_u (local.get $slot) (i32.const 16))))
      (then (return (i32.const 0))))
    (call $found (i32.const 2) (local.get $at) (i32.add (local.get $at) (local.get $length))))

  ;; Whether the two UTF-16 codes at an address are behind a percent sign and say what character is meant.
  (func $isHexPair (param $address i32) (result i32)
    (local $second i32)
    (local.set $second (i32.or (i32.load16_u offset=2 (local.get $address)) (i32.const 32)))
    (i32.and
      (i32.lt_u (i32.sub (i32.load16_u (local.get $address)) (i32.const 48)) (i32.const 10))
      (i32.or
        (i32.lt_u (i32.sub (local.get $second) (i32.const 48)) (i32.const 10))
        (i32.lt_u (i32.sub (local.get $second) (i32.const 97)) (i32.const 6)))))

  ;; Whether the byte at an address is no digit.
  (func $isNoDigit (param $address i32) (result i32)
    (i32.ge_u (i32.sub (i32.load8_u (local.get $address)) (i32.const 48)) (i32.const 10)))

  ;; Whether the number that ends here, two places behind its seventh digit, is a date like 2024-08-06, 2024/08/06 or 20240806. All
  ;; of it is at most eleven characters back.
  (func $isDate (param $seventh i32) (result i32)
    (local $start i32)
    (local $separated i32)
    (local $century i32)
    (local.set $separated (i32.eq (i32.sub (local.get $seventh) (global.get $numberStart)) (i32.const 8)))
    (if (i32.eqz (i32.or
          (local.get $separated)
          (i32.eq (i32.sub (local.get $seventh) (global.get $numberStart)) (i32.const 6))))
      (then (return (i32.const 0))))
    (local.set $start (i32.sub (global.get $numberStart) (global.get $base)))
    (local.set $seventh (i32.sub (local.get $seventh) (global.get $base)))
    (local.set $century (i32.load16_u (local.get $start)))
    ;; 20 or 19
    (if (i32.and
          (i32.ne (local.get $century) (i32.const 0x3032))
          (i32.ne (local.get $century) (i32.const 0x3931)))
      (then (return (i32.const 0))))
    (if (local.get $separated)
      (then
        (if (i32.eqz (i32.and
              (call $isNoDigit (i32.add (local.get $start) (i32.const 4)))
              (call $isNoDigit (i32.add (local.get $start) (i32.const 7)))))
          (then (return (i32.const 0))))))
    ;; Months begin with 0 or 1, days with 0 to 3.
    (if (i32.gt_u
          (i32.load8_u (i32.add (local.get $start) (i32.add (i32.const 4) (local.get $separated))))
          (i32.const 49))
      (then (return (i32.const 0))))
    (i32.le_u (i32.load8_u (local.get $seventh)) (i32.const 51)))

  ;; A run of digits begins at $at, as the byte at $address; behind a letter it may end a keyword.
  (func $digitsBegin (param $at i32) (param $address i32) (param $behindLetter i32) (result i32)
    (if (local.get $behindLetter)
      (then
        (if (i32.load8_u offset=40960 (i32.load8_u (local.get $address)))
          (then
            (if (call $mayHold (i32.sub (local.get $address) (i32.const 2)))
              (then (if (call $found (i32.const 1) (local.get $at) (i32.const 0)) (then (return (i32.const 1)))))))))
      (else
        (if (call $mayStart (local.get $address))
          (then (if (call $found (i32.const 0) (local.get $at) (i32.const 0)) (then (return (i32.const 1))))))))
    ;; A word between two digits ends the number.
    (if (i32.gt_s (global.get $lastWord) (global.get $lastDigit)) (then (global.set $digits (i32.const 0))))
    (if (i32.or
          (i32.eqz (global.get $digits))
          (i32.gt_s (i32.sub (local.get $at) (global.get $lastDigit)) (i32.const 4)))
      (then
        (global.set $digits (i32.const 0))
        (global.set $numberStart (local.get $at))))
    (global.set $runStart (local.get $at))
    (global.set $behindCapital
      (i32.lt_u
        (i32.sub (i32.load8_u (i32.sub (i32.sub (local.get $at) (global.get $base)) (i32.const 1))) (i32.const 65))
        (i32.const 26)))
    (if (i32.and
          (i32.eq (global.get $lastDot) (i32.sub (local.get $at) (i32.const 1)))
          (i32.eq (global.get $lastDigit) (i32.sub (local.get $at) (i32.const 2))))
      (then
        (if (i32.eq (global.get $dots) (i32.const 3))
          (then
            (global.set $dots (i32.const 4))
            (return (call $found (i32.const 4) (global.get $dottedStart) (i32.const 0))))))
      (else
        (global.set $dots (i32.const 0))
        (global.set $dottedStart (local.get $at))))
    (i32.const 0))

  ;; The run of digits ends before $at.
  (func $digitsEnd (param $at i32) (result i32)
    (local $before i32)
    (local $length i32)
    (local $seventh i32)
    (local.set $before (global.get $digits))
    (local.set $length (i32.sub (local.get $at) (global.get $runStart)))
    (global.set $lastDigit (i32.sub (local.get $at) (i32.const 1)))
    (global.set $digits (i32.add (local.get $before) (local.get $length)))
    (if (i32.or (i32.ge_u (local.get $before) (i32.const 7)) (i32.lt_u (global.get $digits) (i32.const 7)))
      (then (return (i32.const 0))))
    (local.set $seventh (i32.sub (i32.add (global.get $runStart) (i32.const 6)) (local.get $before)))
    (if (i32.and
          (i32.and (i32.eq (global.get $runStart) (global.get $numberStart)) (i32.eqz (global.get $behindCapital)))
          (i32.gt_u (local.get $length) (i32.const 19)))
      (then
        (global.set $digits (i32.const 0))
        (global.set $lastDigit (local.get $seventh))
        (return (i32.const 0))))
    (if (i32.eq (i32.sub (local.get $at) (local.get $seventh)) (i32.const 2))
      (then
        (if (call $isDate (local.get $seventh))
          (then
            (global.set $digits (i32.const 0))
            (global.set $lastDigit (local.get $seventh))
            (return (i32.const 0))))))
    (call $found (i32.const 3) (global.get $numberStart) (i32.const 0)))

  ;; A sign stands at $at, as the byte at $address.
  (func $sign (param $at i32) (param $address i32) (result i32)
    (local $code i32)
    (local $colons i32)
    (local $distance i32)
    (local.set $code (i32.load8_u (local.get $address)))
    (if (call $isKeywordSign (local.get $code) (local.get $address))
      (then (if (call $found (i32.const 1) (local.get $at) (i32.const 0)) (then (return (i32.const 1))))))
    ;; .
    (if (i32.eq (local.get $code) (i32.const 46))
      (then
        (if (i32.eq (global.get $lastDigit) (i32.sub (local.get $at) (i32.const 1)))
          (then (global.set $dots (i32.add (global.get $dots) (i32.const 1)))))
        (global.set $lastDot (local.get $at))
        (return (i32.const 0))))
    ;; :
    (if (i32.eq (local.get $code) (i32.const 58))
      (then
        (local.set $distance (i32.sub (local.get $at) (global.get $lastColon)))
        (global.set $lastColon (local.get $at))
        (global.set $colons
          (select
            (i32.add (global.get $colons) (i32.const 1))
            (i32.const 1)
            (i32.le_s (local.get $distance) (i32.const 5))))
        (if (i32.or
              (i32.eq (local.get $distance) (i32.const 1))
              (i32.eq (global.get $colons) (i32.const 4)))
          (then (return (call $found (i32.const 5) (local.get $at) (i32.const 0)))))
        (return (i32.const 0))))
    ;; A JSON escape is no part of a number.
    (if (i32.eq (local.get $code) (i32.const 92)) (then (global.set $digits (i32.const 0))))
    (i32.const 0))

  ;; Whether there are keywords with this sign, alone or with the neighbours it has here.
  (func $isKeywordSign (param $code i32) (param $address i32) (result i32)
    (local $how i32)
    (local $key i32)
    (local $slot i32)
    (local.set $how (i32.load8_u offset=40960 (local.get $code)))
    (local.set $key (i32.and (i32.load (i32.sub (local.get $address) (i32.const 1))) (i32.const 0x7f7f7f)))
    (local.set $slot (i32.shr_u (i32.mul (local.get $key) (i32.const 0x9e3779b1)) (i32.const 16)))
    (if (i32.eqz
          (i32.and
            (i32.and (i32.ne (local.get $how) (i32.const 0)) (i32.const 1))
            (i32.or
              (i32.shr_u (local.get $how) (i32.const 1))
              (i32.shr_u
                (i32.load8_u offset=8192 (i32.shr_u (local.get $slot) (i32.const 3)))
                (i32.and (local.get $slot) (i32.const 7))))))
      (then (return (i32.const 0))))
    (i32.or
      (i32.eq (local.get $how) (i32.const 2))
      (call $holds (i32.const 8192) (local.get $key))))

  ;; Looks at the words of a block that begins at $block: a bit of $words for each, which ends where the next bit of $stops stands or,
  ;; in the block behind it, of $nextStops.
  (func $visitWords (param $words i64) (param $stops i64) (param $nextStops i64) (param $block i32) (result i32)
    (local $index i64) (local $rest i64) (local $more i32)
    (local $address i32) (local $length i32) (local $key i32) (local $three i32) (local $four i32) (local $slot i32)
    (local.set $more (i32.add (i32.wrap_i64 (i64.ctz (local.get $nextStops))) (i32.const 64)))
    (block $done
      (loop $next
        (br_if $done (i64.eqz (local.get $words)))
        (local.set $index (i64.ctz (local.get $words)))
        (local.set $words (i64.and (local.get $words) (i64.sub (local.get $words) (i64.const 1))))
        (local.set $address (i32.add (local.get $block) (i32.wrap_i64 (local.get $index))))
        (local.set $rest (i64.and (local.get $stops) (i64.shl (i64.const -2) (local.get $index))))
        (local.set $length
          (i32.sub
            (select
              (local.get $more)
              (i32.wrap_i64 (i64.ctz (local.get $rest)))
              (i64.eqz (local.get $rest)))
            (i32.wrap_i64 (local.get $index))))
        ;; Most words end here: of the bits of a keyword only the first is asked for.
        (local.set $key (i32.and (i32.load (local.get $address)) (i32.const 0x7f7f7f7f)))
        (local.set $four (i32.mul (local.get $key) (i32.const 0x9e3779b1)))
        (local.set $three (i32.mul (i32.and (local.get $key) (i32.const 0x7f7f7f)) (i32.const 0x9e3779b1)))
        (local.set $slot
          (i32.mul
            (i32.xor
              (i32.or
                (i32.or
                  (i32.shl (i32.and (local.get $key) (i32.const 127)) (i32.const 16))
                  (i32.shl
                    (i32.load8_u (i32.add (local.get $address) (i32.shr_u (local.get $length) (i32.const 1))))
                    (i32.const 8)))
                (i32.or
                  (i32.load8_u (i32.sub (i32.add (local.get $address) (local.get $length)) (i32.const 1)))
                  (i32.const 0x202020)))
              (i32.shl (local.get $length) (i32.const 24)))
            (i32.const 0x9e3779b1)))
        (br_if $next
          (i32.eqz
            (i32.and
              (i32.or
                (i32.or
                  (i32.shr_u
                    (i32.load8_u (i32.shr_u (local.get $three) (i32.const 19)))
                    (i32.and (i32.shr_u (local.get $three) (i32.const 16)) (i32.const 7)))
                  (i32.shr_u
                    (i32.load8_u offset=24576 (i32.shr_u (local.get $four) (i32.const 19)))
                    (i32.and (i32.shr_u (local.get $four) (i32.const 16)) (i32.const 7))))
                (i32.or
                  (i32.shr_u
                    (i32.load8_u offset=16384 (i32.shr_u (local.get $slot) (i32.const 19)))
                    (i32.and (i32.shr_u (local.get $slot) (i32.const 16)) (i32.const 7)))
                  (i32.ge_u (local.get $length) (i32.const 64))))
              (i32.const 1))))
        (br_if $next (i32.eqz (call $word (local.get $address) (local.get $length) (local.get $slot))))
        (return (i32.const 1))))
    (i32.const 0))

  ;; Looks at the next $count characters of a text, of which the first is number $from, and knows $ahead more that follow ($count is a
  ;; multiple of 64 when there are any). Returns 1 at once when `found` does, else 2 when
  ;; there was a backslash or a percent sign so far.
  (func (export "scan") (param $from i32) (param $count i32) (param $ahead i32) (result i32)
    (local $end i32) (local $off i32) (local $rest i32) (local $vector i32) (local $index i32)
    (local $bytes v128) (local $folded v128)
    ;; A bit for each character of a block.
    (local $letters i64) (local $small i64) (local $upper i64) (local $digit i64) (local $sign i64)
    (local $escape i64) (local $valid i64) (local $dead i64) (local $skip i64)
    (local $wasUpper i64) (local $wasLetter i64) (local $wasDigit i64) (local $escaped i64)
    (local $nextWords i64) (local $nextBegins i64) (local $nextEnds i64) (local $nextPreceded i64) (local $nextStops i64)
    ;; The same of the block before, which is visited once it is known where its last word ends.
    (local $words i64) (local $begins i64) (local $ends i64) (local $signs i64) (local $preceded i64) (local $stops i64)
    (local $visits i64) (local $bit i64) (local $rest64 i64) (local $at i32) (local $address i32)

    (local.set $end (i32.add (local.get $count) (local.get $ahead)))
    (if (i32.eqz (local.get $from))
      (then
        (i64.store (i32.const 41464) (i64.const 0))
        (global.set $wasUpper (i64.const 0))
        (global.set $wasLetter (i64.const 0))
        (global.set $wasDigit (i64.const 0))
        (global.set $escaped (i64.const 0))
        (global.set $digits (i32.const 0))
        (global.set $dots (i32.const 0))
        (global.set $colons (i32.const 0))
        (global.set $lastWord (i32.const -100))
        (global.set $lastDigit (i32.const -100))
        (global.set $lastDot (i32.const -100))
        (global.set $lastColon (i32.const -100))
        (global.set $hadEscape (i32.const 0)))
      (else
        ;; The 64 characters before: a number may have begun among them.
        (loop $narrow
          (v128.store offset=41408 (local.get $index)
            (i8x16.narrow_i16x8_u
              (v128.load offset=57984 (i32.shl (local.get $index) (i32.const 1)))
              (v128.load offset=58000 (i32.shl (local.get $index) (i32.const 1)))))
          (br_if $narrow (i32.lt_u (local.tee $index (i32.add (local.get $index) (i32.const 16))) (i32.const 64))))))
    (global.set $base (i32.sub (local.get $from) (i32.const 41472)))
    (local.set $wasUpper (global.get $wasUpper))
    (local.set $wasLetter (global.get $wasLetter))
    (local.set $wasDigit (global.get $wasDigit))
    (local.set $escaped (global.get $escaped))

    (loop $blocks
      ;; Where the next chunk begins, if there is one.
      (if (i32.eq (local.get $off) (local.get $count))
        (then
          (global.set $wasUpper (local.get $wasUpper))
          (global.set $wasLetter (local.get $wasLetter))
          (global.set $wasDigit (local.get $wasDigit))
          (global.set $escaped (local.get $escaped))))
      (local.set $letters (i64.const 0))
      (local.set $digit (i64.const 0))
      (local.set $sign (i64.const 0))
      (local.set $small (i64.const 0))
      (local.set $escape (i64.const 0))
      (local.set $rest (i32.sub (local.get $end) (local.get $off)))
      (if (i32.gt_s (local.get $rest) (i32.const 0))
        (then
          ;; From the last sixteen characters to the first: masks are shifted as they grow.
          (local.set $vector (i32.add (local.get $off) (i32.const 48)))
          (loop $vectors
            (v128.store offset=41472 (local.get $vector)
              (local.tee $bytes
                ;; Whatever is not ASCII becomes 0 or a byte of 128 and more.
                (i8x16.narrow_i16x8_u
                  (v128.load offset=58112 (i32.shl (local.get $vector) (i32.const 1)))
                  (v128.load offset=58128 (i32.shl (local.get $vector) (i32.const 1))))))
            (local.set $folded (v128.or (local.get $bytes) (i8x16.splat (i32.const 32))))
            (local.set $letters
              (i64.or
                (i64.shl (local.get $letters) (i64.const 16))
                (i64.extend_i32_u
                  (i8x16.bitmask
                    (i8x16.le_u (i8x16.sub (local.get $folded) (i8x16.splat (i32.const 97))) (i8x16.splat (i32.const 25)))))))
            (local.set $small
              (i64.or
                (i64.shl (local.get $small) (i64.const 16))
                (i64.extend_i32_u (i8x16.bitmask (i16x8.shl (local.get $bytes) (i32.const 2))))))
            (local.set $digit
              (i64.or
                (i64.shl (local.get $digit) (i64.const 16))
                (i64.extend_i32_u
                  (i8x16.bitmask
                    (i8x16.le_u (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 48))) (i8x16.splat (i32.const 9)))))))
            (local.set $sign
              (i64.or
                (i64.shl (local.get $sign) (i64.const 16))
                (i64.extend_i32_u
                  (i8x16.bitmask
                    (i8x16.ne
                      (v128.and
                        (i8x16.swizzle
                          (v128.load (i32.const 41088))
                          (v128.and (local.get $bytes) (i8x16.splat (i32.const 15))))
                        (i8x16.swizzle
                          (v128.const i8x16 1 2 4 8 16 32 64 128 0 0 0 0 0 0 0 0)
                          (v128.and (i16x8.shr_u (local.get $bytes) (i32.const 4)) (i8x16.splat (i32.const 15)))))
                      (v128.const i64x2 0 0))))))
            (local.set $escape
              (i64.or
                (i64.shl (local.get $escape) (i64.const 16))
                (i64.extend_i32_u
                  (i8x16.bitmask
                    (v128.or
                      (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 92)))
                      (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 37))))))))
            (br_if $vectors
              (i32.ge_s
                (local.tee $vector (i32.sub (local.get $vector) (i32.const 16)))
                (local.get $off))))))

      (local.set $valid
        (select
          (i64.const -1)
          (select
            (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (local.get $rest))) (i64.const 1))
            (i64.const 0)
            (i32.gt_s (local.get $rest) (i32.const 0)))
          (i32.ge_s (local.get $rest) (i32.const 64))))
      ;; What an escape is written with is no word and no number.
      (local.set $dead (local.get $escaped))
      (local.set $escaped (i64.const 0))
      (local.set $escape
        (i64.and (i64.and (local.get $escape) (local.get $valid)) (i64.xor (local.get $dead) (i64.const -1))))
      (block $escapesDone
        (loop $escapes
          (br_if $escapesDone (i64.eqz (local.get $escape)))
          (global.set $hadEscape (i32.const 1))
          (local.set $bit (i64.ctz (local.get $escape)))
          (local.set $address (i32.add (local.get $off) (i32.wrap_i64 (local.get $bit))))
          (local.set $skip (i64.const 1))
          (if (i32.ne (i32.load8_u offset=41472 (local.get $address)) (i32.const 92))
            (then
              (local.set $skip (i64.const 0))
              (if (i32.lt_s (i32.add (local.get $address) (i32.const 2)) (local.get $end))
                (then
                  (if (call $isHexPair (i32.add (i32.shl (local.get $address) (i32.const 1)) (i32.const 58114)))
                    (then (local.set $skip (i64.const 3))))))))
          (local.set $dead
            (i64.or (local.get $dead) (i64.shl (i64.shl (local.get $skip) (i64.const 1)) (local.get $bit))))
          (local.set $escaped
            (i64.or (local.get $escaped) (i64.shr_u (local.get $skip) (i64.sub (i64.const 63) (local.get $bit)))))
          (local.set $escape
            (i64.and
              (i64.and (local.get $escape) (i64.sub (local.get $escape) (i64.const 1)))
              (i64.xor (local.get $dead) (i64.const -1))))
          (br $escapes)))
      (local.set $valid (i64.and (local.get $valid) (i64.xor (local.get $dead) (i64.const -1))))
      (local.set $letters (i64.and (local.get $letters) (local.get $valid)))
      (local.set $digit (i64.and (local.get $digit) (local.get $valid)))
      (local.set $small (i64.and (local.get $small) (local.get $letters)))
      (local.set $upper (i64.xor (local.get $letters) (local.get $small)))
      ;; A word is capitals, then small letters: the next capital begins another one.
      (local.set $nextPreceded (i64.or (i64.shl (local.get $letters) (i64.const 1)) (local.get $wasLetter)))
      (local.set $nextWords
        (i64.or
          (i64.and
            (local.get $upper)
            (i64.xor (i64.or (i64.shl (local.get $upper) (i64.const 1)) (local.get $wasUpper)) (i64.const -1)))
          (i64.and (local.get $small) (i64.xor (local.get $nextPreceded) (i64.const -1)))))
      (local.set $nextStops (i64.or (local.get $nextWords) (i64.xor (local.get $letters) (i64.const -1))))
      (local.set $skip (i64.or (i64.shl (local.get $digit) (i64.const 1)) (local.get $wasDigit)))
      (local.set $nextBegins (i64.and (local.get $digit) (i64.xor (local.get $skip) (i64.const -1))))
      (local.set $nextEnds (i64.and (local.get $skip) (i64.xor (local.get $digit) (i64.const -1))))
      (local.set $wasUpper (i64.shr_u (local.get $upper) (i64.const 63)))
      (local.set $wasLetter (i64.shr_u (local.get $letters) (i64.const 63)))
      (local.set $wasDigit (i64.shr_u (local.get $digit) (i64.const 63)))

      (if (call $visitWords
            (local.get $words)
            (local.get $stops)
            (local.get $nextStops)
            (i32.add (local.get $off) (i32.const 41408)))
        (then (return (i32.const 1))))
      (local.set $visits (i64.or (local.get $signs) (i64.or (local.get $begins) (local.get $ends))))
      (block $visitsDone
        (loop $visit
          (br_if $visitsDone (i64.eqz (local.get $visits)))
          (local.set $bit (i64.and (local.get $visits) (i64.sub (i64.const 0) (local.get $visits))))
          (local.set $index (i32.wrap_i64 (i64.ctz (local.get $visits))))
          (local.set $visits (i64.and (local.get $visits) (i64.sub (local.get $visits) (i64.const 1))))
          (local.set $address (i32.add (i32.add (local.get $off) (local.get $index)) (i32.const 41408)))
          (local.set $at (i32.add (global.get $base) (local.get $address)))
          (if (i64.ne (i64.and (local.get $ends) (local.get $bit)) (i64.const 0))
            (then (if (call $digitsEnd (local.get $at)) (then (return (i32.const 1))))))
          (if (i64.ne (i64.and (local.get $signs) (local.get $bit)) (i64.const 0))
            (then (if (call $sign (local.get $at) (local.get $address)) (then (return (i32.const 1))))))
          (br_if $visit (i64.eqz (i64.and (local.get $begins) (local.get $bit))))
          ;; The last word before it.
          (local.set $rest64 (i64.and (local.get $words) (i64.sub (local.get $bit) (i64.const 1))))
          (if (i64.ne (local.get $rest64) (i64.const 0))
            (then
              (global.set $lastWord
                (i32.sub
                  (i32.add (local.get $at) (i32.const 63))
                  (i32.add (local.get $index) (i32.wrap_i64 (i64.clz (local.get $rest64))))))))
          (br_if $visit
            (i32.eqz
              (call $digitsBegin
                (local.get $at)
                (local.get $address)
                (i64.ne (i64.and (local.get $preceded) (local.get $bit)) (i64.const 0)))))
          (return (i32.const 1))))
      (if (i64.ne (local.get $words) (i64.const 0))
        (then
          (global.set $lastWord
            (i32.sub
              (i32.add (i32.add (global.get $base) (local.get $off)) (i32.const 41471))
              (i32.wrap_i64 (i64.clz (local.get $words)))))))

      (local.set $words (local.get $nextWords))
      (local.set $begins (local.get $nextBegins))
      (local.set $ends (local.get $nextEnds))
      (local.set $preceded (local.get $nextPreceded))
      (local.set $stops (local.get $nextStops))
      (local.set $signs (i64.and (local.get $sign) (local.get $valid)))
      (br_if $blocks
        (i32.lt_s
          (local.tee $off (i32.add (local.get $off) (i32.const 64)))
          (i32.add (local.get $count) (i32.const 64)))))

    ;; The text ends with a run of digits, and a block with both.
    (if (i32.and (i32.eqz (local.get $ahead)) (i32.wrap_i64 (local.get $ends)))
      (then
        (if (call $digitsEnd (i32.add (local.get $from) (local.get $count))) (then (return (i32.const 1))))))
    (i32.shl (global.get $hadEscape) (i32.const 1)))
)
