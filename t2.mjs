const t=performance.now(); const L=[]; let p=t; const m=async(n,f)=>{await f(); const q=performance.now(); L.push(n+' '+(q-p).toFixed(0)); p=q}
await m('commander',()=>import('commander')); await m('program',()=>import('./dist/src/cli/program.js')); await m('zod',()=>import('zod'));  await m('analyze',()=>import('./dist/src/analysis/analyze.js')); await m('table3',()=>import('cli-table3')); await m('summary',()=>import('./dist/src/cli/summary.js')); await m('vgg16',()=>import('./dist/graphs/vgg16.js'));
const {vgg16}=await import('./dist/graphs/vgg16.js'); const {analyze}=await import('./dist/src/analysis/analyze.js'); const {summaryText}=await import('./dist/src/report/text.js')
let g,a; await m('build',()=>{g=vgg16()}); await m('an',()=>{a=analyze(g)}); await m('text',()=>summaryText(a,{width:120,color:false}))
console.log('start',t.toFixed(0),L.join(' | '))
