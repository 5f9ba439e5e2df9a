export { type DataKey, KeyMissing, KeyRing } from './key-ring.js';
export { newStorageKey, ObjectStorage } from './object-storage.js';
export { SealBroken, seal, unseal } from './sealed-stream.js';
export { StorageModule } from './storage.module.js';
