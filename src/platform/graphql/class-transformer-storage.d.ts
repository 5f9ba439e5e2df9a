// class-transformer keeps what @Type said here and exports no types for the path that Node can resolve.
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: {
    findTypeMetadata(
      target: new () => object,
      propertyName: string,
    ): { readonly typeFunction?: () => unknown } | undefined;
  };
}
