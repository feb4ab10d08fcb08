# saggio_library(name SOURCES ... PUBLIC ... PRIVATE ... [TORCH])        static library saggio::name
# saggio_test(file_test [LABEL unit|torch|slow] LIBS ... [TORCH])         one binary and one ctest entry per test file
# saggio_bench(folder_bench [LABEL unit|torch|slow] LIBS ... [TORCH])     one benchmark program; a test runs it briefly, lest it rot
# saggio_peer_test(file_test [ARGS ...])                                  file_test.py, run in .venv-peers; skipped where there is none
# saggio_headers_alone(folder [TORCH])                                    compiles each header of the folder by itself
find_program(SAGGIO_CCACHE ccache)
if(SAGGIO_CCACHE)
  # The sloppiness is what a precompiled header needs; the base folder lets other checkouts share the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${SAGGIO_CCACHE})
endif()
find_program(SAGGIO_LLD ld.lld)
if(SAGGIO_LLD)
  add_link_options(-fuse-ld=lld)
endif()
add_link_options(LINKER:--build-id)  # names the code that a run was made with

add_library(saggio_flags INTERFACE)
target_compile_options(
  saggio_flags
  INTERFACE -fPIC # for every unit: a precompiled header must match in it
            -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
            $<$<BOOL:${SAGGIO_WERROR}>:-Werror>)
if(SAGGIO_SANITIZE)
  list(JOIN SAGGIO_SANITIZE "," _sanitize)
  target_compile_options(saggio_flags INTERFACE -fsanitize=${_sanitize} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(saggio_flags INTERFACE -fsanitize=${_sanitize})
endif()

if(SAGGIO_FUZZ)
  target_compile_options(saggio_flags INTERFACE -fsanitize=fuzzer-no-link)  # says which branches an input took
endif()

if(SAGGIO_WITH_TORCH)
  # A unit that includes torch/torch.h takes up to 2 GB: memory, not cores, says how many compile at once.
  cmake_host_system_information(RESULT _memory_mb QUERY TOTAL_PHYSICAL_MEMORY)
  if(EXISTS /sys/fs/cgroup/memory.max)  # a container may have less
    file(STRINGS /sys/fs/cgroup/memory.max _limit REGEX "^[0-9]+$")
    if(_limit)
      math(EXPR _limit_mb "${_limit} / 1048576")
      if(_limit_mb LESS _memory_mb)
        set(_memory_mb ${_limit_mb})
      endif()
    endif()
  endif()
  math(EXPR _torch_jobs "${_memory_mb} / 2048")
  if(_torch_jobs LESS 1)
    set(_torch_jobs 1)
  endif()
  set_property(GLOBAL PROPERTY JOB_POOLS torch=${_torch_jobs})
endif()

if(SAGGIO_WITH_TORCH AND SAGGIO_PCH)
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/pch.cpp" CONTENT "")  # written once, or all would be built again
  add_library(saggio_pch OBJECT "${CMAKE_BINARY_DIR}/pch.cpp")
  target_link_libraries(saggio_pch PRIVATE saggio_flags LibTorch::cpu)
  target_precompile_headers(saggio_pch PRIVATE <torch/torch.h>)
endif()

# TORCH: the target includes torch/torch.h. All others get the stricter conversion warnings.
function(saggio_finish target torch)
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:saggio_flags>)
  if(torch)
    target_link_libraries(${target} PUBLIC LibTorch::cpu)
    set_property(TARGET ${target} PROPERTY JOB_POOL_COMPILE torch)
    if(TARGET saggio_pch)
      target_precompile_headers(${target} REUSE_FROM saggio_pch)
    endif()
  else()
    target_compile_options(${target} PRIVATE -Wconversion -Wno-sign-conversion)
  endif()
endfunction()

function(saggio_library name)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(saggio_${name} STATIC ${arg_SOURCES})
  add_library(saggio::${name} ALIAS saggio_${name})
  target_link_libraries(saggio_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  saggio_finish(saggio_${name} ${arg_TORCH})
endfunction()

function(saggio_test name)
  cmake_parse_arguments(arg "TORCH" "LABEL" "LIBS" ${ARGN})
  add_executable(${name} ${name}.cpp)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest_main)
  saggio_finish(${name} ${arg_TORCH})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  file(RELATIVE_PATH path "${CMAKE_SOURCE_DIR}/tests" "${CMAKE_CURRENT_SOURCE_DIR}/${name}")
  # One ctest entry per binary: starting LibTorch costs 0.2 s.
  add_test(NAME ${path} COMMAND ${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  # OpenMP threads that wait for each other by spinning make a busy machine thirty times slower; a test that needs more asks for them.
  set_tests_properties(${path} PROPERTIES LABELS ${arg_LABEL} ENVIRONMENT OMP_NUM_THREADS=1)
endfunction()

function(saggio_bench name)
  cmake_parse_arguments(arg "TORCH" "LABEL" "LIBS" ${ARGN})
  add_executable(${name} ${name}.cpp)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_link_libraries(${name} PRIVATE ${arg_LIBS} benchmark::benchmark_main)
  saggio_finish(${name} ${arg_TORCH})
  add_test(NAME bench/${name} COMMAND ${name} --benchmark_min_time=0.001 WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  set_tests_properties(bench/${name} PROPERTIES LABELS ${arg_LABEL})
endfunction()

function(saggio_peer_test name)
  cmake_parse_arguments(arg "" "" "ARGS" ${ARGN})
  set(run [[test -x .venv-peers/bin/python || { echo "skipped: make peers sets up .venv-peers"; exit 77; }; exec .venv-peers/bin/python "$@"]])
  add_test(
    NAME peers/${name}
    COMMAND sh -c "${run}" sh "${CMAKE_CURRENT_SOURCE_DIR}/${name}.py" ${arg_ARGS}
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(peers/${name} PROPERTIES SKIP_RETURN_CODE 77 LABELS peers)
endfunction()

function(saggio_headers_alone folder)
  cmake_parse_arguments(arg "TORCH" "" "" ${ARGN})
  string(REPLACE "/" "_" name headers_alone/${folder})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}" "${CMAKE_SOURCE_DIR}/${folder}/*.h")
  if(NOT headers)
    return()
  endif()
  foreach(header IN LISTS headers)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/headers_alone/${header}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n")
    list(APPEND sources "${source}")
    # A precompiled torch/torch.h would hide what a header forgets to include; only those that include it anyway get it.
    file(STRINGS "${CMAKE_SOURCE_DIR}/${header}" includes_torch REGEX "^#include <torch/torch.h>")
    if(NOT includes_torch)
      set_source_files_properties("${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS "-O0;-g0;-Wno-unknown-pragmas")
    endif()
  endforeach()
  add_library(${name} OBJECT ${sources})
  get_filename_component(library ${folder} NAME)
  if(TARGET saggio_${library})
    target_link_libraries(${name} PRIVATE saggio_${library})
  endif()
  saggio_finish(${name} ${arg_TORCH})
endfunction()
