"""Which pixels reach a unit, by PyTorch's gradients.

Reads a file of [{document, units}], writes [[[first row, first column, last row, last column, pixels], ...] per unit].
Weights are positive, and maxima are smooth ones, so that every pixel on a path has a gradient.
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def same(size, k, s, d):
    total = max((math.ceil(size / s) - 1) * s + d * (k - 1) + 1 - size, 0)
    return [total // 2, total - total // 2]


def pads_of(config, x, k, s, d):
    padding = config['padding']
    if padding == 'valid':
        return [[0, 0], [0, 0]]
    if padding == 'same':
        return [same(x.shape[2 + axis], k[axis], s[axis], d[axis]) for axis in range(2)]
    return padding


def padded(x, pads, more=(0, 0)):
    (top, bottom), (left, right) = pads
    return F.pad(x, [left, right + more[1], top, bottom + more[0]])


def convolve(x, config, groups, filters):
    k, s, d = config['kernelSize'], config['strides'], config['dilationRate']
    weight = torch.full([filters, x.shape[1] // groups, *k], 1 / (k[0] * k[1]))
    return F.conv2d(padded(x, pads_of(config, x, k, s, d)), weight, stride=s, dilation=d, groups=groups)


def transpose(x, config):
    k, s, d = config['kernelSize'], config['strides'], config['dilationRate']
    groups = config['groups']
    y = F.conv_transpose2d(x, torch.full([x.shape[1], config['filters'] // groups, *k], 0.5), stride=s, dilation=d, groups=groups)
    padding = config['padding']
    cut = [[0, 0], [0, 0]] if padding == 'valid' else padding
    if padding == 'same':
        cut = [[t // 2, t - t // 2] for t in (max(d[a] * (k[a] - 1) + 1 - s[a], 0) for a in range(2))]
    sizes = [x.shape[2 + a] * s[a] if padding == 'same' else y.shape[2 + a] - sum(cut[a]) for a in range(2)]
    y = F.pad(y, [0, max(0, sizes[1] + cut[1][0] - y.shape[3]), 0, max(0, sizes[0] + cut[0][0] - y.shape[2])])
    return y[:, :, cut[0][0]:cut[0][0] + sizes[0], cut[1][0]:cut[1][0] + sizes[1]]


def pool(x, config):
    k, s = config['poolSize'], config['strides']
    pads = pads_of(config, x, k, s, [1, 1])
    out = []
    for axis in range(2):
        room = (x.shape[2 + axis] + sum(pads[axis]) - k[axis]) / s[axis]
        count = (math.ceil if config['ceilMode'] else math.floor)(room) + 1
        if config['ceilMode'] and (count - 1) * s[axis] >= x.shape[2 + axis] + pads[axis][0]:
            count -= 1
        out.append(count)
    more = [max(0, (out[a] - 1) * s[a] + k[a] - x.shape[2 + a] - sum(pads[a])) for a in range(2)]
    wide = padded(x, pads, more)
    windows = F.unfold(wide.flatten(0, 1).unsqueeze(1), k, stride=s)
    rows = (wide.shape[2] - k[0]) // s[0] + 1
    y = torch.logsumexp(windows, 1).reshape(x.shape[0], x.shape[1], rows, -1)
    return y[:, :, :out[0], :out[1]]


def run(node, xs):
    kind, config, x = node['kind'], node['config'], xs[0]
    if kind == 'conv2d':
        return convolve(x, config, config['groups'], config['filters'])
    if kind == 'depthwiseConv2d':
        return convolve(x, config, x.shape[1], x.shape[1] * config['depthMultiplier'])
    if kind == 'conv2dTranspose':
        return transpose(x, config)
    if kind in ('maxPool2d', 'avgPool2d'):
        return pool(x, config)
    if kind == 'upsample2d':
        mode = config['interpolation']
        return F.interpolate(x, scale_factor=[float(one) for one in config['size']], mode=mode, **({} if mode == 'nearest' else {'align_corners': False}))
    if kind == 'zeroPad2d':
        return padded(x, config['padding'])
    if kind == 'relu':
        return F.softplus(x)
    if kind == 'add':
        return sum(xs)
    if kind == 'concat':
        return torch.cat(xs, 1)
    raise ValueError(kind)


def extents(document, units):
    height, width, channels = document['inputs'][0]['shape']
    image = torch.rand(1, channels, height, width, requires_grad=True)
    values = {document['inputs'][0]['id']: image}
    for node in document['nodes']:
        values[node['id']] = run(node, [values[ref] for ref in node['from']])
    y = values[document['outputs'][0]['from']].sum(1)[0]
    found = []
    for row, column in units:
        gradient, = torch.autograd.grad(y[row, column], image, retain_graph=True, allow_unused=True) if y[row, column].requires_grad else (None,)
        seen = [] if gradient is None else (gradient.abs().sum(1)[0] > 0).nonzero().tolist()
        rows, columns = [one[0] for one in seen], [one[1] for one in seen]
        found.append([min(rows), min(columns), max(rows), max(columns), len(seen)] if seen else [])
    return [list(y.shape), found]


torch.manual_seed(0)
with open(sys.argv[1]) as file:
    print(json.dumps([extents(case['document'], case['units']) for case in json.load(file)]))
