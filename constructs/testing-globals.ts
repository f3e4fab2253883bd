import type {} from 'expect';
import type { ExposureMatchers } from './testing-matchers';

// `expect` of @jest/globals has its matchers' types in another package than @types/jest, which not all users have
// installed. So these types are an entry of their own, `cpanel-edge/testing/globals`.
declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as it is declared there
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ExposureMatchers<R> {}
}
