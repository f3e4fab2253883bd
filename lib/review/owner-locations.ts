// Prints the location of an owner in the remarks of a review, `server web1, owner hosting`, and lists both forms that
// remarks have.

interface LocatedOwner {
  readonly role: string;
  readonly device: string;
  readonly owner: string;
}

/** Returns the location of an owner as most remarks name it: `server web1, owner hosting`. */
export const printOwnerLocation = ({ role, device, owner }: LocatedOwner): string =>
  `${role} ${device}, owner ${owner}`;

/** Returns every location by which remarks name an owner. */
export const listOwnerLocations = (owner: LocatedOwner): readonly string[] => [
  printOwnerLocation(owner),
  `${owner.device}/${owner.owner}`,
];
