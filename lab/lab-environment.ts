// The environment of the stack `lab` for the lab's tests: that of stacks/environments/, with the nftables version of
// the lab's Debian. environment.ts has the file by which the stack reaches the devices.
import { EdgeEnvironment } from '../stacks/edge-stack';
import { lab as deployed } from '../stacks/environments/lab';
import { OF_DEBIAN } from './debian';

const { gateway, servers } = deployed;
const version = OF_DEBIAN.versions.nftables;

export const lab: EdgeEnvironment = {
  ...deployed,
  gateway: { ...gateway, version },
  servers: { web1: { ...servers['web1']!, version } },
};
