/** The dependencies of a new project. The package test installs and runs exactly these versions. */
export const DEPENDENCIES = { cdktf: '0.21.0', constructs: '10.8.1' } as const;

export const DEV_DEPENDENCIES = {
  '@types/jest': '30.0.0',
  '@types/node': '26.6.6',
  'cdktf-cli': '0.21.0',
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  'ts-node': '10.9.2',
  typescript: '5.9.3',
} as const;
