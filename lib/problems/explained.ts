/** In the code of a heading: any platform. */
const ANY = 'PLATFORM/';

/** By their codes, what pages say below headings that are codes. `ids`: what the codes of platforms begin with. */
export function explanations(pages: readonly string[], ids: readonly string[]): ReadonlyMap<string, string> {
  const sections = pages.flatMap(sectionsOf);
  const ofAny = sections.filter(([code]) => code.startsWith(ANY));
  return new Map([
    ...ids.flatMap((id) => ofAny.map(([code, text]) => [`${id}/${code.slice(ANY.length)}`, text] as const)),
    // What is said of one platform alone comes last, so it stands.
    ...sections.filter(([code]) => !code.startsWith(ANY)),
  ]);
}

const sectionsOf = (page: string): readonly (readonly [string, string])[] =>
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [code = ''] = section.split('\n', 1);
      return [code, section.slice(code.length).trim()];
    });
