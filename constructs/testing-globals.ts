// Declares the types of the exposure matchers for `expect` of @jest/globals, as the entry
// `cpanel-edge/testing/globals`. They are an entry of their own because @jest/globals takes the types of matchers from
// another package than @types/jest, which not all users have installed.
import type {} from 'expect';
import type { ExposureMatchers } from './testing-matchers';

declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- as it is declared there
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ExposureMatchers<R> {}
}
