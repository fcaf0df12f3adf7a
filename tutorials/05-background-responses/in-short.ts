// Prints a long answer as its first line and its length.

export function inShort(text: string): string {
  const [firstLine = ''] = text.split('\n', 1);
  return firstLine === text ? text : `${firstLine} ... (${text.length} characters)`;
}
