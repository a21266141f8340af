// In a page a bundle has no names of files.
export const loadedCores = (): readonly string[] => []
