package checkpoint

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"tweedie/nets/checkpoint/pickle"
)

// maximumDimensions is the limit of PyTorch's own kernels.
const maximumDimensions = 25

// A torchStorage is an array of elements. Tensors are views of it.
type torchStorage struct {
	element
	key   string
	count int
}

// A torchTensor is a view of a storage: its element (i, j, ...) is the storage's element
// offset + i stride_0 + j stride_1 + ...
type torchTensor struct {
	*torchStorage
	offset        int
	shape, stride []int
}

// A torchClass is the type of a storage. The pickle passes it as an argument and does not call it.
type torchClass struct{ element }

var torchStorages = map[string]element{
	"FloatStorage": float32s, "DoubleStorage": float64s, "HalfStorage": float16s, "BFloat16Storage": bfloat16s,
	"LongStorage": {name: "I64", size: 8}, "IntStorage": {name: "I32", size: 4}, "ShortStorage": {name: "I16", size: 2},
	"CharStorage": {name: "I8", size: 1}, "ByteStorage": {name: "U8", size: 1}, "BoolStorage": {name: "BOOL", size: 1},
}

// torchGlobals resolves all names that a PyTorch file may use: tensors, sizes and ordered dictionaries. It calls found
// for each storage.
func torchGlobals(found func(*torchStorage)) pickle.Resolver {
	return pickle.Resolver{
		Global: func(module, name string) (any, error) {
			switch module + "." + name {
			case "collections.OrderedDict":
				return pickle.Function(orderedDict), nil
			case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
				return pickle.Function(rebuildTensor), nil
			case "torch._utils._rebuild_parameter", "torch.Size":
				return pickle.Function(firstArgument), nil
			}
			if e, ok := torchStorages[name]; ok && module == "torch" {
				return torchClass{e}, nil
			}
			return nil, fmt.Errorf("it needs %.80q, which is no tensor or plain value; "+
				"a file of torch.save with the state dict alone is right", module+"."+name)
		},
		Persistent: func(id any) (any, error) {
			// ("storage", class, key, device, number of elements). In the older format a sixth value is None, or tells
			// that the storage is a view of another, which is not supported.
			t, ok := id.(pickle.Tuple)
			if !ok || len(t) < 5 || t[0] != any("storage") || len(t) > 5 && t[5] != nil {
				return nil, errors.New("it refers to something that is not a storage of a tensor")
			}
			class, ok1 := t[1].(torchClass)
			key, ok2 := t[2].(string)
			count, ok3 := t[4].(int)
			if !ok1 || !ok2 || !ok3 || count < 0 {
				return nil, errors.New("it refers to a storage without a type, a key or a number of elements")
			}
			s := &torchStorage{class.element, key, count}
			found(s)
			return s, nil
		},
	}
}

func orderedDict(arguments pickle.Tuple) (any, error) {
	if len(arguments) > 0 {
		return nil, errors.New("OrderedDict with arguments")
	}
	return &pickle.Dict{}, nil
}

// firstArgument returns the tensor in a parameter, or the tuple in a size.
func firstArgument(arguments pickle.Tuple) (any, error) {
	if len(arguments) == 0 {
		return nil, errors.New("a parameter or a size without arguments")
	}
	return arguments[0], nil
}

// rebuildTensor returns the tensor of a storage, an offset, a shape and strides. Other arguments do not matter here.
func rebuildTensor(arguments pickle.Tuple) (any, error) {
	if len(arguments) < 4 {
		return nil, errors.New("a tensor without storage, offset, shape and stride")
	}
	storage, ok1 := arguments[0].(*torchStorage)
	offset, ok2 := arguments[1].(int)
	shape, ok3 := integers(arguments[2])
	stride, ok4 := integers(arguments[3])
	if !ok1 || !ok2 || !ok3 || !ok4 || len(shape) != len(stride) || len(shape) > maximumDimensions || offset < 0 {
		return nil, errors.New("a tensor whose storage, offset, shape or stride is wrong")
	}
	return &torchTensor{storage, offset, shape, stride}, nil
}

// integers returns the items of a tuple of integers, if none is negative.
func integers(v any) ([]int, bool) {
	t, ok := v.(pickle.Tuple)
	numbers := make([]int, len(t))
	for i, item := range t {
		n, isInt := item.(int)
		ok = ok && isInt && n >= 0
		numbers[i] = n
	}
	return numbers, ok
}

// elements returns the number of a tensor's elements. It is an error if there are none, or if one lies outside the
// storage.
func (t *torchTensor) elements() (int, error) {
	n, last := 1, t.offset
	for i, d := range t.shape {
		if d == 0 {
			return 0, errors.New("it has no elements")
		}
		if d > t.count/n {
			return 0, fmt.Errorf("shape %v takes more elements than its storage has, %d", t.shape, t.count)
		}
		n *= d
		if t.stride[i] > 0 && d-1 > (math.MaxInt-last)/t.stride[i] {
			return 0, fmt.Errorf("shape %v with strides %v lies outside its storage", t.shape, t.stride)
		}
		last += (d - 1) * t.stride[i]
	}
	if last >= t.count {
		return 0, fmt.Errorf("shape %v with strides %v from element %d lies outside its storage of %d",
			t.shape, t.stride, t.offset, t.count)
	}
	return n, nil
}

// values returns a tensor in row-major order, given the bytes of its storage.
func (t *torchTensor) values(storage []byte) (Tensor, error) {
	if t.count > len(storage)/t.size {
		return Tensor{}, fmt.Errorf("its storage has %d bytes, too few for %d elements of type %s",
			len(storage), t.count, t.name)
	}
	n, err := t.elements()
	if err != nil {
		return Tensor{}, err
	}
	data := make([]float32, n)
	index, at := make([]int, len(t.shape)), t.offset
	for k := range data {
		data[k] = t.decode(storage[at*t.size:])
		for i := len(index) - 1; i >= 0; i-- {
			index[i]++
			at += t.stride[i]
			if index[i] < t.shape[i] {
				break
			}
			at -= index[i] * t.stride[i]
			index[i] = 0
		}
	}
	return Tensor{Shape: t.shape, Data: data}, nil
}

// read returns the values of tensors of floating point numbers. It reads each storage once. It is an error if the
// storages or the tensors take more memory than the file has.
func (f *torchFile) read(tensors map[string]*torchTensor) (map[string]Tensor, error) {
	names := slices.SortedFunc(maps.Keys(tensors), func(a, b string) int {
		return cmp.Or(cmp.Compare(tensors[a].key, tensors[b].key), cmp.Compare(a, b))
	})
	result := make(map[string]Tensor, len(tensors))
	var storage []byte
	bytes, elements := f.size, f.size // how many more may be read
	for i, name := range names {
		t := tensors[name]
		if i == 0 || t.key != tensors[names[i-1]].key {
			var err error
			if storage, err = readStorage(f.storage, t.key, bytes); err != nil {
				return nil, fmt.Errorf("tensor %.80q: storage %w", name, err)
			}
			bytes -= int64(len(storage))
		}
		v, err := t.values(storage)
		if err != nil {
			return nil, fmt.Errorf("tensor %.80q: %w", name, err)
		}
		if elements -= int64(len(v.Data)); elements < 0 {
			return nil, errors.New("its tensors share storages so often that they take more memory than the file")
		}
		result[name] = v
	}
	return result, nil
}
