// PS3.5 Annex A: the two transfer syntaxes that a worklist needs. Both are little endian and uncompressed.

export type TransferSyntax = 'implicit-vr-little-endian' | 'explicit-vr-little-endian';

export const implicitVRLittleEndianUID = '1.2.840.10008.1.2';
export const explicitVRLittleEndianUID = '1.2.840.10008.1.2.1';

/**
 * In the order in which we choose. Explicit first: it carries each VR, so a query of a newer dictionary than ours
 * still decodes as its writer meant it.
 */
export const preferredTransferSyntaxes: readonly (readonly [uid: string, syntax: TransferSyntax])[] = [
  [explicitVRLittleEndianUID, 'explicit-vr-little-endian'],
  [implicitVRLittleEndianUID, 'implicit-vr-little-endian'],
];
