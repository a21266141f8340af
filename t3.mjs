const {vgg16}=await import('./dist/graphs/vgg16.js'); const {analyze}=await import('./dist/src/analysis/analyze.js'); const {summaryText}=await import('./dist/src/report/text.js')
const a=analyze(vgg16()); for(let i=0;i<5;i++){const t=performance.now(); summaryText(a,{width:120,color:false}); console.log(performance.now()-t)}
