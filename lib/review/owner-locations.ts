interface LocatedOwner {
  readonly role: string;
  readonly device: string;
  readonly owner: string;
}

/** An owner on its device, as most remarks name it: `server web1, owner hosting`. */
export const printOwnerLocation = ({ role, device, owner }: LocatedOwner): string =>
  `${role} ${device}, owner ${owner}`;

/** All ways in which remarks name it. */
export const listOwnerLocations = (owner: LocatedOwner): readonly string[] => [
  printOwnerLocation(owner),
  `${owner.device}/${owner.owner}`,
];
