# Finds LibTorch inside an installed `torch` wheel, without find_package(Torch): no CUDA toolkit, no global flags, and torch
# itself is never imported, so that `pip install --no-deps torch` is enough.
#   LibTorch_ROOT     hint: the folder holding include/ and lib/
#   LibTorch_VERSION  e.g. 2.11.0
# Targets: LibTorch::cpu, which is all that CPU code needs (libtorch.so itself would pull in torch_cuda);
#          LibTorch::openmp, the OpenMP runtime that LibTorch itself loads, for units compiled with -fopenmp.
include(FindPackageHandleStandardArgs)
set(LibTorch_ROOT "" CACHE PATH "folder holding LibTorch's include/ and lib/")
if(NOT LibTorch_ROOT)
  execute_process(
    COMMAND "${CMAKE_SOURCE_DIR}/.venv/bin/python" -c
            "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '', end='')"
    OUTPUT_VARIABLE _libtorch_dir
    ERROR_QUIET)
  set_property(CACHE LibTorch_ROOT PROPERTY VALUE "${_libtorch_dir}")
endif()
find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h HINTS "${LibTorch_ROOT}/include" NO_DEFAULT_PATH)
find_library(LibTorch_c10 c10 HINTS "${LibTorch_ROOT}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_torch_cpu torch_cpu HINTS "${LibTorch_ROOT}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_openmp NAMES libgomp.so.1 gomp HINTS "${LibTorch_ROOT}/lib" NO_DEFAULT_PATH)
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_c10 LibTorch_torch_cpu LibTorch_openmp)
if(EXISTS "${LibTorch_ROOT}/version.py")
  file(STRINGS "${LibTorch_ROOT}/version.py" _line REGEX "^__version__")
  if(_line MATCHES "'([0-9.]+)")
    set(LibTorch_VERSION "${CMAKE_MATCH_1}")
  endif()
endif()
find_package_handle_standard_args(
  LibTorch
  REQUIRED_VARS LibTorch_torch_cpu LibTorch_c10 LibTorch_openmp LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "no torch wheel in .venv: run `make build`, or set -DLibTorch_ROOT=DIR, or -DSAGGIO_WITH_TORCH=OFF")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::c10 SHARED IMPORTED GLOBAL)
  set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${LibTorch_c10}")
  target_include_directories(
    LibTorch::c10 SYSTEM INTERFACE "${LibTorch_INCLUDE_DIR}" "${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  # The wheel carries headers of its own {fmt}, found before the system's, without its library.
  target_compile_definitions(LibTorch::c10 INTERFACE FMT_HEADER_ONLY=1)
  # g++ 12 takes the tensors that an aggregate's initialiser leaves out for uninitialised; they are undefined tensors.
  target_compile_options(LibTorch::c10 INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-maybe-uninitialized>)
  add_library(LibTorch::cpu SHARED IMPORTED GLOBAL)
  set_target_properties(
    LibTorch::cpu PROPERTIES IMPORTED_LOCATION "${LibTorch_torch_cpu}" INTERFACE_LINK_LIBRARIES LibTorch::c10)
  add_library(LibTorch::openmp SHARED IMPORTED GLOBAL)
  set_target_properties(LibTorch::openmp PROPERTIES IMPORTED_LOCATION "${LibTorch_openmp}")
endif()
