"""MediaPipe's face mesh as one native graph: a face picture in, its mesh out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.lean import import_mediapipe
from vision.mesh68 import MESH_INDEX
from vision.quiet import quiet_native_log

MESH_INPUT = 192
"""Side of the mesh network's square input, pixels."""
_OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
USED = np.union1d(MESH_INDEX, _OVAL)
"""Vertices read from the network's answer; unpacking all 478 would cost a quarter of its time."""

# The default executor hands every step to threads of its own: no faster, for the steps follow each
# other, and late on a busy machine.
_GRAPH = """
executor { type: "ApplicationThreadExecutor" }
input_stream: "image"
input_stream: "region"
input_side_packet: "refine"
output_stream: "landmarks"
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:region"
  input_side_packet: "WITH_ATTENTION:refine"
  output_stream: "LANDMARKS:landmarks"
}
"""
_PRESENCE = "facelandmarkcpu__face_presence_score"
_STEP_US = 33333
"""Between the time stamps of two pictures; they must rise, nothing else depends on them."""


class MeshGraph:
    """The landmark stage alone, with refined lips and eyes; one instance per thread.

    The graph is run without MediaPipe's ``SolutionBase``, which makes a new class for every answer.
    """

    def __init__(self) -> None:
        with quiet_native_log():
            mediapipe = import_mediapipe()
            from google.protobuf import text_format
            from mediapipe.framework import calculator_pb2
            from mediapipe.framework.formats import rect_pb2
            from mediapipe.python import packet_creator, packet_getter
            from mediapipe.python._framework_bindings import (
                calculator_graph,
                image_frame,
                resource_util,
                validated_graph_config,
            )

            resource_util.set_resource_dir(str(Path(mediapipe.__file__).parent.parent))
            config = text_format.Parse(_GRAPH, calculator_pb2.CalculatorGraphConfig())
            expanded = validated_graph_config.ValidatedGraphConfig()
            expanded.initialize(graph_config=config)
            config = text_format.Parse(expanded.text_config, calculator_pb2.CalculatorGraphConfig())
            _take_crops_as_they_are(config)
            # The face probability is internal to the landmark stage; the expanded graph names it.
            config.output_stream.append(_PRESENCE)
            self._make, self._read = packet_creator, packet_getter
            self._format = image_frame.ImageFormat.SRGB
            whole = rect_pb2.NormalizedRect(
                x_center=0.5, y_center=0.5, width=1.0, height=1.0, rotation=0.0
            )
            self._whole: Any = packet_creator.create_proto(whole)
            self._time = 0
            self._answers: dict[str, Any] = {}
            self._graph: Any = calculator_graph.CalculatorGraph(graph_config=config)
            for name in ("landmarks", _PRESENCE):
                self._graph.observe_output_stream(name, self._answers.__setitem__, True)
            self._graph.start_run({"refine": packet_creator.create_bool(True)})
            self.run(np.zeros((MESH_INPUT, MESH_INPUT, 3), dtype=np.uint8))

    def run(self, crop: NDArray[np.uint8]) -> tuple[NDArray[np.float64] | None, float]:
        """Run the mesh on a square RGB picture; (478, 3) in its pixels and the face probability.

        Only the rows `USED` are filled.
        """
        self._answers.clear()
        self._time += _STEP_US
        picture = self._make.create_image_frame(crop, image_format=self._format)
        self._graph.add_packet_to_input_stream(stream="image", packet=picture.at(self._time))
        self._graph.add_packet_to_input_stream(stream="region", packet=self._whole.at(self._time))
        self._graph.wait_until_idle()
        score, landmarks = self._answers.get(_PRESENCE), self._answers.get("landmarks")
        known = score is not None and not score.is_empty()
        presence = float(self._read.get_float(score)) if known else 0.0
        if landmarks is None or landmarks.is_empty():
            return None, presence
        answer = self._read.get_proto(landmarks).landmark
        mesh = np.zeros((len(answer), 3))
        mesh[USED] = [(p.x, p.y, p.z) for p in map(answer.__getitem__, USED.tolist())]
        mesh *= MESH_INPUT
        mesh[:, :2] -= 0.5  # MediaPipe counts from the corner of the first pixel
        return mesh, presence

    def close(self) -> None:
        """Free the native graph."""
        self._graph.close()


def _take_crops_as_they_are(config: Any) -> None:
    """Let an expanded graph turn its picture into numbers without cutting a region out of it.

    The region is the whole picture, already of the network's size, so that warping it onto itself
    changes nothing and takes a sixteenth of the graph's time.
    """
    from mediapipe.calculators.tensor.tensor_converter_calculator_pb2 import (
        TensorConverterCalculatorOptions,
    )

    (node,) = (node for node in config.node if node.calculator == "ImageToTensorCalculator")
    node.calculator = "TensorConverterCalculator"
    node.input_stream[:] = ["IMAGE:image"]
    node.ClearField("options")
    span = node.options.Extensions[TensorConverterCalculatorOptions.ext].output_tensor_float_range
    span.min, span.max = 0.0, 1.0
