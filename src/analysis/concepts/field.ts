// What units see: receptive field, effective field, gridding, hybrid dilated convolution.
import { both, show, type Step, step, WORDS } from '../derivation.ts'
import { hdc } from '../hdc.ts'
import type { Concept, Numbers } from './concept.ts'

interface Layer { readonly K: number; readonly S: number; readonly D: number }

/** The layers of a stack; a letter with fewer numbers than K repeats its last. */
function layersOf({ list }: Numbers): readonly Layer[] {
  return list('K').map((K, index) => {
    const at = (letter: string): number => list(letter)[index] ?? list(letter).at(-1) as number
    return { K, S: at('S'), D: at('D') }
  })
}

const receptiveField: Concept = {
  id: 'receptiveField',
  name: both('receptive field', '感受野'),
  meaning: both('The pixels of the input that one unit sees, from the first to the last. Padding moves its centre and does not change its size.', '一个单元能看到的输入像素范围；填充只移动中心，不改变大小。'),
  letters: { K: [3, 3, 3], S: [1], D: [1] },
  derive(numbers) {
    let [size, stride] = [1, 1]
    return layersOf(numbers).map(({ K, S, D }, index) => {
      const text = `${size} + (${K} − 1) · ${D} · ${stride}`
      size += (K - 1) * D * stride
      stride *= S
      return step(both(`layer ${index + 1}`, `第 ${index + 1} 层`), both('RF + (K−1)·D·∏S before it', 'RF + (K−1)·D·∏(之前各层 S)'), text, both(`${size}, stride ${stride}`, `${size}，步长 ${stride}`))
    })
  },
}

const effectiveField: Concept = {
  id: 'effectiveField',
  name: both('effective receptive field', '有效感受野'),
  meaning: both('The centre of the field is used along more paths than its edge; the map of the paths tends to a Gaussian.', '感受野中心被更多路径使用，路径分布趋于高斯。'),
  letters: { K: [3, 3, 3], S: [1], D: [1] },
  derive(numbers) {
    let [size, stride, variance] = [1, 1, 0]
    const steps: Step[] = layersOf(numbers).map(({ K, S, D }, index) => {
      const own = (D * stride) ** 2 * (K ** 2 - 1) / 12
      const text = `${show(variance)} + (${D} · ${stride})² · (${K}² − 1)/12`
      variance += own
      size += (K - 1) * D * stride
      stride *= S
      return step(both(`variance after layer ${index + 1}`, `第 ${index + 1} 层后的方差`), 'σ² + (D·∏S)²(K² − 1)/12', text, variance)
    })
    const deviation = Math.sqrt(variance)
    return [
      ...steps,
      step(both('radius that holds 95 %', '含 95 % 的半径'), '2σ', `2 · √${show(variance)}`, 2 * deviation),
      step(both('share of the field', '占理论感受野的比例'), '(4σ + 1)/RF', `(4 · ${show(deviation)} + 1)/${size}`, Math.min((4 * deviation + 1) / size, 1)),
    ]
  },
}

function stackSteps({ one, list }: Numbers): { readonly check: ReturnType<typeof hdc>; readonly counts: Step } {
  const check = hdc(list('rates'), one('K'))
  const unused = check.counts.filter((count) => count === 0).length
  const size = check.counts.length
  return {
    check,
    counts: step(both('paths per offset', '各偏移的路径数'), both('one tap list per layer, added up in all ways', '各层采样点逐一相加'), check.rates.map((rate) => `0, ${Array.from({ length: one('K') - 1 }, (_, tap) => (tap + 1) * rate).join(', ')}`).join(' ⊕ '),
      both(`${check.counts.join(' ')}: ${unused} of ${size} never used`, `${check.counts.join(' ')}：${size} 个中有 ${unused} 个从未使用`)),
  }
}

const gridding: Concept = {
  id: 'gridding',
  name: both('gridding effect', '网格效应（棋盘格效应）'),
  meaning: both('Stacked dilations may never touch some pixels of the field, or touch them very unevenly.', '堆叠的空洞卷积可能永远用不到感受野中的某些像素，或使用极不均匀。'),
  letters: { rates: [2, 2, 2], K: [3] },
  derive(numbers) {
    const { check, counts } = stackSteps(numbers)
    const K = numbers.one('K')
    const size = check.counts.length
    return [
      step(WORDS.field, '1 + (K−1) · Σ D', `1 + ${K - 1} · (${check.rates.join(' + ')})`, size),
      counts,
      step(both('used in two dimensions', '二维覆盖率'), both('(used/RF)²', '(已用/RF)²'), `(${check.counts.filter((count) => count > 0).length}/${size})²`, check.coverage.toFixed(3)),
    ]
  },
}

const hybrid: Concept = {
  id: 'hdc',
  name: both('hybrid dilated convolution', '混合空洞卷积'),
  meaning: both('Choose dilations so that the largest distance between two used pixels stays within the kernel: M_2 ≤ K, rates that rise in a sawtooth, no common divisor.', '选择膨胀率使两个被用像素的最大距离不超过卷积核：M_2 ≤ K，膨胀率呈锯齿上升且无大于 1 的公约数。'),
  letters: { rates: [1, 2, 5], K: [3] },
  derive(numbers) {
    const { check, counts } = stackSteps(numbers)
    const { rates, distances, kernelSize, good, commonDivisor, sawtooth, better } = check
    const last = rates.length - 1
    const steps: Step[] = [step(both(`M${last + 1}`, `M${last + 1}`), 'M_n = r_n', '', distances[last] as number)]
    for (let layer = last - 1; layer >= 1; layer--) {
      const [after, rate] = [distances[layer + 1] as number, rates[layer] as number]
      steps.push(step(
        both(`M${layer + 1}`, `M${layer + 1}`), 'max(M_{i+1} − 2r_i, M_{i+1} − 2(M_{i+1} − r_i), r_i)',
        `max(${after} − ${2 * rate}, ${after} − 2 · (${after} − ${rate}), ${rate})`, distances[layer] as number))
    }
    const second = distances[1] ?? distances[0] as number
    return [
      ...steps,
      step(both('inequality', '不等式'), rates.length === 1 ? 'r_1 = 1' : 'M_2 ≤ K', `${second} ${second <= kernelSize ? '≤' : '>'} ${kernelSize}`, good ? both('good', '满足') : both('bad', '不满足')),
      step(both('common divisor', '最大公约数'), 'gcd(r)', `gcd(${rates.join(', ')})`, commonDivisor === 1 ? both('1: good', '1：好') : both(`${commonDivisor}: bad`, `${commonDivisor}：不好`)),
      step(both('sawtooth', '锯齿形'), both('r rises, and may start again', 'r 上升，可重新开始'), rates.join(', '), sawtooth ? both('yes', '是') : both('no', '否')),
      counts,
      ...(better === null ? [] : [step(both('better', '更好的选择'), '', '', better.join(', '))]),
    ]
  },
}

export const fields: readonly Concept[] = [receptiveField, effectiveField, gridding, hybrid]
