/** Counted checks of a script, a line each. */
let passed = 0;
let failed = 0;

/** One check: it says what it looked at, and what it saw if that was wrong. */
export function check(what, ok, seen = '') {
  if (ok) passed++;
  else failed++;
  console.log(`  ${ok ? '✓' : '✗'} ${what}${ok || seen === '' ? '' : `: ${seen}`}`);
}

/** Ends the script: 1 if a check failed. */
export function endOfChecks() {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed > 0 ? 1 : 0);
}
