// Types of compile.js, which compiles TypeScript to JavaScript without type checks, with a cache.

export function compiled(text: string, file: string): string;
