export function compiled(text: string, file: string): string;
