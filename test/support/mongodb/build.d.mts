export function testMongoServer(options: { readonly mayBuild: boolean }): string | undefined
