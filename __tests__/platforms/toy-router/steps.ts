import { Release } from '../../../lib/delivering/release';
import { releaseFile } from '../../../driver/release-file';
import { freshToken } from '../../device/stream';
import { MADE, releaseOf } from '../../driver/samples';
import { Router } from './router';
import { talk } from './talk';

/** A filter for one port, beside texts that look like the router's own. */
export const textFor = (port: number, said = 'of a # and {'): string => `toy web\nfilter web 1 deny tcp ${port} text "${said}"\n`;

export const routerRelease = (parts: Partial<Release> = {}): Release => releaseOf({ platform: 'toy', text: textFor(1001), ...parts });

export const portsOf = (lines: readonly string[]): readonly string[] => lines.flatMap((each) => / deny tcp (\d+)/.exec(each)?.[1] ?? []);

/** The dialogue, asked as a device program is. */
export function onRouter() {
  const router = new Router();
  return {
    router,
    program(words: string, input = ''): string {
      const [step, ...more] = words.split(' ');
      if (step !== 'undo') return talk(router, words.split(' '), input).trimEnd();
      // What a device program does when its timer calls it, the router does itself.
      router.undo();
      return talk(router, ['rollback', ...more]).trimEnd();
    },
    release(port: number, lease: string, parts: Partial<Release> = {}) {
      const release = routerRelease({ text: textFor(port), ...parts });
      const token = freshToken();
      const identity = `${release.role} ${release.owner} ${token}`;
      const upload = `upload ${release.role} ${release.owner} ${lease} ${release.digest} ${token}`;
      return { identity, upload, file: releaseFile(release, lease, token, MADE) };
    },
    ports: () => portsOf(router.running),
    boots() {
      router.boots();
      return 'cpanel-edge: ok loaded';
    },
    fresh: () => router.fresh(),
    stop: () => router.fresh(),
  };
}
