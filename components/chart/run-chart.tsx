export function RunChart() { return null; }
