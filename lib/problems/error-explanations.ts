/** In the code of a heading: any platform. */
const ANY_PLATFORM = 'PLATFORM/';

/** By their codes, what pages say below headings that are codes. `ids`: what the codes of platforms begin with. */
export function collectExplanations(pages: readonly string[], ids: readonly string[]): ReadonlyMap<string, string> {
  const sections = pages.flatMap(splitSections);
  const platformSections = sections.filter(([code]) => code.startsWith(ANY_PLATFORM));
  return new Map([
    ...ids.flatMap((id) =>
      platformSections.map(([code, text]) => [`${id}/${code.slice(ANY_PLATFORM.length)}`, text] as const),
    ),
    // What is said of one platform alone comes last, so it stands.
    ...sections.filter(([code]) => !code.startsWith(ANY_PLATFORM)),
  ]);
}

const splitSections = (page: string): readonly (readonly [string, string])[] =>
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [code = ''] = section.split('\n', 1);
      return [code, section.slice(code.length).trim()];
    });
