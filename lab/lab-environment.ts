// The environment of the stack `lab` for the lab's tests: that of stacks/environments/, with the nftables version of
// the lab's Debian.
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
