"""The models that PyTorch runs, and that it exports for onnxruntime-web: the layers and sizes of ours."""
import torch
from torch import nn

CLASSES = 10


def lenet():
    """conv32-3x3, pool, conv64-3x3, pool, dense128, dense10."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, CLASSES))


def separable():
    """Depthwise 3x3, then 1x1, each with batch norm and relu: twice."""
    def block():
        return [nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
                nn.Conv2d(64, 64, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    return nn.Sequential(*block(), *block(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def resnet(depth, classes=CLASSES):
    import torchvision
    return getattr(torchvision.models, f"resnet{depth}")(num_classes=classes)


def mobilenet(classes=CLASSES):
    """MobileNet v1: a 3x3 convolution and thirteen separable blocks, batch norm and relu6 after each convolution."""
    def conv(channels, filters, size, stride, groups=1):
        return [nn.Conv2d(channels, filters, size, stride, size // 2, groups=groups, bias=False),
                nn.BatchNorm2d(filters), nn.ReLU6()]
    layers, channels = conv(3, 32, 3, 2), 32
    for filters, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]:
        layers += conv(channels, channels, 3, stride, channels) + conv(channels, filters, 1, 1)
        channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class NormalizeLocally(torch.autograd.Function):
    """Exported as one operation of ONNX, where PyTorch would write a dozen."""
    @staticmethod
    def forward(_context, x):
        return nn.functional.local_response_norm(x, 5, 5e-4, 0.75, 2)

    @staticmethod
    def symbolic(graph, x):
        return graph.op("LRN", x, alpha_f=5e-4, beta_f=0.75, bias_f=2.0, size_i=5)


class LocalResponseNorm(nn.Module):
    def forward(self, x):
        return NormalizeLocally.apply(x)


class Inception(nn.Module):
    def __init__(self, channels, conv1, conv3, conv5, pool):
        super().__init__()
        def conv(inputs, filters, size):
            return [nn.Conv2d(inputs, filters, size, padding=size // 2), nn.ReLU()]
        self.branches = nn.ModuleList([
            nn.Sequential(*conv(channels, conv1, 1)),
            nn.Sequential(*conv(channels, conv3[0], 1), *conv(*conv3, 3)),
            nn.Sequential(*conv(channels, conv5[0], 1), *conv(*conv5, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), *conv(channels, pool, 1)),
        ])

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def googlenet(classes=CLASSES):
    """GoogLeNet as in its paper: no batch norm, local response normalization, 5x5 convolutions."""
    def pool():
        return nn.MaxPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), pool(), LocalResponseNorm(), nn.Conv2d(64, 64, 1), nn.ReLU(),
        nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(), LocalResponseNorm(), pool(),
        Inception(192, 64, (96, 128), (16, 32), 32), Inception(256, 128, (128, 192), (32, 96), 64), pool(),
        Inception(480, 192, (96, 208), (16, 48), 64), Inception(512, 160, (112, 224), (24, 64), 64),
        Inception(512, 128, (128, 256), (24, 64), 64), Inception(512, 112, (144, 288), (32, 64), 64),
        Inception(528, 256, (160, 320), (32, 128), 128), pool(),
        Inception(832, 256, (160, 320), (32, 128), 128), Inception(832, 384, (192, 384), (48, 128), 128),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1024, classes))
