// The entry for tests compiles and runs without Jest and its types.
export { exposureMatchers, exposureOf, portExposure } from 'cpanel-edge/testing';
