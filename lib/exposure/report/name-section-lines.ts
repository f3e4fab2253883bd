// Names the lines in a section's reasons and explanations by their files.
import {
  Reachability,
  Rewrite,
  createAllowedExcept,
  createTranslation,
  createUnclear,
  createUnknown,
} from '../../reachability/reachability';
import { SectionExposure } from './device-report';
import { FileLine, SourceFile, isJoined, findFileLine, nameLines } from './source-files';

/** Returns a section whose reasons and explanations name lines by their files. */
export function nameSectionLines(section: SectionExposure, files: readonly SourceFile[] | undefined): SectionExposure {
  if (!isJoined(files)) return section;
  const locate = (line: number): FileLine | undefined => findFileLine(files, line);
  return {
    ...section,
    reachability: nameReasons(section.reachability, files),
    ...(section.reachabilityBehind ? { reachabilityBehind: nameReasons(section.reachabilityBehind, files) } : {}),
    explain(startLocation, packet) {
      const explanation = section.explain(startLocation, packet);
      return (
        explanation && {
          ...explanation,
          reason: nameLines(explanation.reason, files),
          lines: explanation.lines.map((line) => {
            const location = locate(line.number);
            return location ? { ...line, number: location.line, file: location.file } : line;
          }),
          decisionSources: explanation.decisionSources.map((source) => {
            const location = source.line === undefined ? undefined : locate(source.line);
            const jump = source.jump && findFileLine(files, source.jump.number);
            return {
              ...source,
              ...location,
              ...(source.jump && jump ? { jump: { ...source.jump, number: jump.line, file: jump.file } } : {}),
            };
          }),
        }
      );
    },
  };
}

const nameReasons = ({ views }: Reachability, files: readonly SourceFile[]): Reachability => ({
  views: views.map((view) => ({
    ...view,
    dispositions: view.dispositions.map((disposition) =>
      disposition.is === 'unknown'
        ? createUnknown(nameLines(disposition.reason, files))
        : disposition.except === undefined
          ? disposition
          : createAllowedExcept(nameLines(disposition.except, files)),
    ),
    translations: view.translations.map((translation) =>
      translation.destination.is === 'unclear' || translation.source.is === 'unclear'
        ? createTranslation({
            ...translation,
            destination: nameRewrite(translation.destination, files),
            source: nameRewrite(translation.source, files),
          })
        : translation,
    ),
  })),
});

const nameRewrite = (rewrite: Rewrite, files: readonly SourceFile[]): Rewrite =>
  rewrite.is === 'unclear' ? createUnclear(nameLines(rewrite.reason, files)) : rewrite;
