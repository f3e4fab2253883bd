// Compares the exposure of a tampered text with that of the good one.

/** Every line of an exposure with its start location. */
function linesOf(text: string): readonly string[] {
  let title = '';
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('  ')) {
      title = line;
      return [];
    }
    return [`${title}: ${line.trim()}`];
  });
}

/** The differences that an edit makes to the exposure, line by line. */
export function difference(before: string, after: string): string {
  const [was, will] = [linesOf(before), linesOf(after)];
  return [
    ...was.filter((line) => !will.includes(line)).map((line) => `- ${line}\n`),
    ...will.filter((line) => !was.includes(line)).map((line) => `+ ${line}\n`),
  ].join('');
}
