# SAGGIO_CUDA = AUTO | ON | OFF  ->  SAGGIO_HAVE_CUDA: the CUDA compiler works and its runtime is there. AUTO without it is OFF.
# The order matters to CMake 3.25: architectures, check, enable, and only then the standard, which its own compiler test must not see.
set(SAGGIO_CUDA AUTO CACHE STRING "CUDA kernels: AUTO (where nvcc is), ON (required) or OFF")
set_property(CACHE SAGGIO_CUDA PROPERTY STRINGS AUTO ON OFF)
set(SAGGIO_HAVE_CUDA FALSE)
if(NOT SAGGIO_CUDA STREQUAL "OFF")
  if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 90)  # Hopper; "90;100" adds Blackwell
  endif()
  if(NOT DEFINED CMAKE_CUDA_COMPILER)
    find_program(SAGGIO_NVCC nvcc HINTS "$ENV{CUDA_HOME}/bin" "$ENV{CUDA_PATH}/bin" /usr/local/cuda/bin NO_CACHE)
    if(SAGGIO_NVCC AND NOT DEFINED ENV{CUDACXX})
      set(ENV{CUDACXX} "${SAGGIO_NVCC}")
    endif()
    if(DEFINED ENV{CUDACXX})  # else nothing to check, and nothing is spent on it
      include(CheckLanguage)
      check_language(CUDA)  # a compiler that does not work is none
    endif()
  endif()
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 knows none and would silently pass nothing
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
      set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
    endif()
    set(CMAKE_CUDA_STANDARD 20)
    set(CMAKE_CUDA_STANDARD_REQUIRED ON)
    set(CMAKE_CUDA_FLAGS_CHECKED "-O2")  # nvcc knows no build type of ours
    find_package(CUDAToolkit 12 REQUIRED)
    set(SAGGIO_HAVE_CUDA TRUE)
  elseif(SAGGIO_CUDA STREQUAL "ON")
    message(FATAL_ERROR "SAGGIO_CUDA=ON, but there is no CUDA compiler: put nvcc on PATH, or set CUDACXX or -DCMAKE_CUDA_COMPILER=FILE")
  endif()
endif()
message(STATUS "CUDA kernels: ${SAGGIO_CUDA} -> ${SAGGIO_HAVE_CUDA}")
