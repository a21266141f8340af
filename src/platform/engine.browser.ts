// A page can tell its engine nothing.
export const allowRelaxedSimd = (): void => undefined
