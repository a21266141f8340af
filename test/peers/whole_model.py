"""Runs a model of torchvision on random weights: whole_model.py MODEL SIZE OUT, in evaluation.

OUT gets, in layouts of layergraph, the weights of every layer in the order in which they run (0/kernel, 0/bias, 1/gamma …), the
input and the output; it prints the number of parameters. Without OUT it prints the number alone.
"""
import json
import os
import sys

name, size = sys.argv[1], int(sys.argv[2])
if len(sys.argv) > 3:
    os.environ['FIXTURES'] = sys.argv[3]
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../fixtures'))

import torch  # noqa: E402
import torchvision  # noqa: E402
from fixture import Fixture  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(1)
torch.manual_seed(1)
options = {'aux_logits': False, 'init_weights': False} if name == 'inception_v3' else {}
model = getattr(torchvision.models, name)(weights=None, **options).eval()
print(json.dumps({'trainable': sum(p.numel() for p in model.parameters())}))
fixture = Fixture(name)


def weights_of(module):
    """The weights of a leaf module by our names."""
    if isinstance(module, nn.BatchNorm2d):
        return {'gamma': module.weight, 'beta': module.bias, 'movingMean': module.running_mean, 'movingVariance': module.running_var}
    bias = {} if module.bias is None else {'bias': module.bias}
    weight = module.weight
    if isinstance(module, nn.Linear):
        # The first dense layers of AlexNet and VGG read a map, channels first.
        channels, side = {('alexnet', 9216): (256, 6), ('vgg16', 25088): (512, 7)}.get((name, weight.shape[1]), (0, 0))
        if channels > 0:
            weight = weight.reshape(-1, channels, side, side).permute(0, 2, 3, 1).flatten(1)
        return {'kernel': weight.t(), **bias}
    depthwise = module.groups > 1 and module.groups == module.in_channels
    return {'kernel': weight.permute(2, 3, 0, 1) if depthwise else weight.permute(2, 3, 1, 0), **bias}


def record(module, _inputs, _output):
    index = len(fixture.cases)
    fixture.cases.append(type(module).__name__)
    for key, value in weights_of(module).items():
        fixture.tensors[f'{index}/{key}'] = value.detach().float().contiguous()


if len(sys.argv) > 3:
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_(0, 0.1)
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
            if isinstance(module, (nn.Conv2d, nn.Linear, nn.BatchNorm2d)):
                module.register_forward_hook(record)
        x = torch.randn(2, 3, size, size)
        fixture.tensors['output'] = model(x).contiguous()
        fixture.tensors['input'] = x.permute(0, 2, 3, 1).contiguous()
    fixture.save()
