// Part of the ES module test project: the entry `cpanel-edge/testing` compiles and runs without Jest and its types.

export { exposureMatchers, exposureOf, portExposure } from 'cpanel-edge/testing';
