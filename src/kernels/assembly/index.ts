// The pages whose exported functions are the exports of the module, alphabetically.
export * from './matMul'
